"""
Prices of keys, secrets, people and the audit trail while they idle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import Charged, Item, Pricer, UsageOnly, free, used
from genai_layers.cost.resource import Resource


def _key(_: Resource) -> Iterable[Item]:
    return (
        Charged(what="customer-managed key", line="kms:key"),
        UsageOnly(what="customer-managed key", lines=("kms:requests",)),
    )


def _secret(_: Resource) -> Iterable[Item]:
    return (
        Charged(what="secret", line="secretsmanager:secret"),
        UsageOnly(what="secret", lines=("secretsmanager:requests",)),
    )


def _pool(pool: Resource) -> Iterable[Item]:
    tier = str(pool.at("UserPoolTier") or "ESSENTIALS").lower()
    return (UsageOnly(what=f"user pool, {tier} tier", lines=(f"cognito:{tier}-user",)),)


def _web_acl(acl: Resource) -> Iterable[Item]:
    rules = len(acl.many("Rules"))
    acl_line = Charged(what="web access list", line="waf:web-acl")
    return (acl_line, Charged(what=f"{rules} rules", line="waf:rule", per_month=Decimal(rules)))


LINES: Mapping[str, Pricer] = {
    "AWS::KMS::Key": _key,
    "AWS::KMS::ReplicaKey": _key,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::Cognito::UserPool": _pool,
    "AWS::WAFv2::WebACL": _web_acl,
    "AWS::CloudTrail::Trail": used("trail: the first copy of management events is free", "cloudtrail:data-events"),
    **dict.fromkeys(
        (
            "AWS::Cognito::LogDeliveryConfiguration",
            "AWS::Cognito::ManagedLoginBranding",
            "AWS::Cognito::UserPoolClient",
            "AWS::Cognito::UserPoolDomain",
            "AWS::Cognito::UserPoolGroup",
            "AWS::Cognito::UserPoolIdentityProvider",
            "AWS::Cognito::UserPoolResourceServer",
            "AWS::Cognito::UserPoolRiskConfigurationAttachment",
            "AWS::IAM::Group",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::OIDCProvider",
            "AWS::IAM::Policy",
            "AWS::IAM::Role",
            "AWS::IAM::RolePolicy",
            "AWS::IAM::ServiceLinkedRole",
            "AWS::IAM::User",
            "AWS::KMS::Alias",
            "AWS::SecretsManager::ResourcePolicy",
            "AWS::SecretsManager::RotationSchedule",
            "AWS::WAFv2::LoggingConfiguration",
            "AWS::WAFv2::WebACLAssociation",
        ),
        free,
    ),
}
