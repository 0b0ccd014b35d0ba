"""Directories that people may come from, and how each tells that a second factor was proved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.application.chat_values import TENANT_GROUP_PREFIX
from genai_layers.foundation.nag import MINIMUM_REASON, says_why

MOST_GROUPS_CHARACTERS = 2_000
"""Characters of all groups here together; an attribute of a user has 2,048 (Cognito quotas, read 2026-11-25)."""

# Cognito API, CreateIdentityProvider, read 2026-11-25; without what would end a word in an address.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,31}")
_GROUP = re.compile(rf"(?:{TENANT_GROUP_PREFIX})?[A-Za-z0-9_.-]{{1,128}}")
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s?#]*)?(?:\?[^\s#]*)?")

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_MICROSOFT = "http://schemas.microsoft.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """
    How a provider tells that somebody proved a second factor.

    Attributes:
        claim: Claim of the ID token, or attribute of the assertion.
        proofs: What it holds then; each is one value, or several with spaces between that have to be there together.
    """

    claim: str
    proofs: tuple[str, ...]

    AMR: ClassVar[SecondFactor]
    ENTRA_SAML: ClassVar[SecondFactor]


# RFC 8176: `mfa` says it outright; otherwise something known or something that one is, and something owned.
# A text message (`sms`) is not among them: its number can be taken over.
SecondFactor.AMR = SecondFactor(
    claim="amr", proofs=("mfa", "pwd otp", "pwd hwk", "pwd swk", "pin hwk", "fpt hwk", "face hwk")
)
SecondFactor.ENTRA_SAML = SecondFactor(
    claim=f"{_MICROSOFT}/claims/authnmethodsreferences", proofs=(f"{_MICROSOFT}/claims/multipleauthn",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcProvider:
    """
    A directory that speaks OpenID Connect.

    Attributes:
        name: Name within the user directory, 3 to 32 characters; changing it makes new accounts for its people.
        label: What people know it by, for a button.
        issuer: Its address, as in its tokens.
        client_id: What the user directory is called there.
        client_secret: Holds the secret for that.
        secret_field: Field of the secret, where it is JSON. Default: all of it.
        groups: Group there to group or tenant here. Who is in none of them is refused.
        everyone_reason: Why people in none of these groups may come in as well. Default: they may not.
        scopes: What is asked for of a person. Default: who they are and their address.
        email_claim: Claim with the address. Default: `email`.
        groups_claim: Claim with the groups. Default: `groups`.
        second_factor: How a second factor is told. Default: by `amr`, as RFC 8176 says.
    """

    kind: ClassVar[str] = "OIDC"

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: secretsmanager.ISecret
    secret_field: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    everyone_reason: str | None = None
    scopes: tuple[str, ...] = ("openid", "email")
    email_claim: str = "email"
    groups_claim: str = "groups"
    second_factor: SecondFactor = SecondFactor.AMR

    def details(self) -> dict[str, str]:
        """Return what Cognito has to know; CloudFormation reads the secret at deploy time."""
        secret = self.client_secret.secret_value_from_json(self.secret_field) if self.secret_field else None
        return {
            "attributes_request_method": "GET",
            "authorize_scopes": " ".join(self.scopes),
            "client_id": self.client_id,
            "client_secret": (secret or self.client_secret.secret_value).unsafe_unwrap(),
            "oidc_issuer": self.issuer,
        }

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        faults = _faults(self)
        if not _ADDRESS.fullmatch(self.issuer):
            faults.append(f"issuer of {self.name!r} is {self.issuer!r}: give an address that begins with https://")
        if "openid" not in self.scopes:
            faults.append(f"scopes of {self.name!r} lack 'openid': without it there is no token that proves a factor")
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlProvider:
    """
    A directory that speaks SAML 2.0.

    Attributes:
        name: Name within the user directory, 3 to 32 characters; changing it makes new accounts for its people.
        label: What people know it by, for a button.
        metadata_url: Where its metadata is.
        groups: Group there to group or tenant here. Who is in none of them is refused.
        everyone_reason: Why people in none of these groups may come in as well. Default: they may not.
        email_claim: Attribute with the address. Default: the one of the SOAP claims.
        groups_claim: Attribute with the groups. Default: the one of Microsoft Entra ID.
        second_factor: How a second factor is told. Cognito hands on attributes of an assertion and not its
            `AuthnContextClassRef`, so the provider has to send an attribute. Default: the one of Microsoft Entra ID.
    """

    kind: ClassVar[str] = "SAML"

    name: str
    label: str
    metadata_url: str
    groups: Mapping[str, str] = field(default_factory=dict)
    everyone_reason: str | None = None
    email_claim: str = f"{_CLAIMS}/emailaddress"
    groups_claim: str = f"{_MICROSOFT}/ws/2008/06/identity/claims/groups"
    second_factor: SecondFactor = SecondFactor.ENTRA_SAML

    def details(self) -> dict[str, str]:
        """Return what Cognito has to know."""
        return {
            "IDPInit": "false",
            "IDPSignout": "false",
            "MetadataURL": self.metadata_url,
            "RequestSigningAlgorithm": "rsa-sha256",
        }

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        faults = _faults(self)
        if not _ADDRESS.fullmatch(self.metadata_url):
            faults.append(
                f"metadata_url of {self.name!r} is {self.metadata_url!r}: give an address that begins with https://"
            )
        return faults


Provider = OidcProvider | SamlProvider


def _faults(provider: Provider) -> list[str]:
    """Return what is wrong with a provider of either kind."""
    name, groups, reason = provider.name, provider.groups, provider.everyone_reason
    faults = []
    if not _NAME.fullmatch(name):
        faults.append(f"name {name!r} cannot be used: give 3 to 32 letters, digits and '_.-'")
    if not provider.label.strip():
        faults.append(f"label of {name!r} is empty: say what people know it by")
    if not provider.second_factor.claim or not any(proof.split() for proof in provider.second_factor.proofs):
        faults.append(f"second_factor of {name!r} names no claim or no proof: say how the provider tells of one")
    faults += [
        f"groups of {name!r} holds {group!r}: give 1 to 128 letters, digits and '_.-', or a tenant with its prefix"
        for group in groups.values()
        if not _GROUP.fullmatch(group)
    ]
    if len(",".join(set(groups.values()))) > MOST_GROUPS_CHARACTERS:
        faults.append(f"groups of {name!r} are longer than {MOST_GROUPS_CHARACTERS} characters: give fewer")
    if not groups and reason is None:
        faults.append(
            f"{name!r} has neither groups nor everyone_reason: say which groups there may come in, or why everyone may"
        )
    if reason is not None and not says_why(reason):
        faults.append(
            f"reason {reason!r} has {len(reason.strip())} characters, at least {MINIMUM_REASON} are needed: say why"
        )
    return faults
