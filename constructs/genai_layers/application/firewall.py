"""AWS WAF before an API: AWS's own rules, a rate for each address, a size."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import ArnFormat, Names, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from genai_layers.application.firewall_rules import (
    MANAGED,
    managed,
    rate_of_an_address,
    refusals,
    size_of_a_body,
    visibility,
)
from genai_layers.application.regions import require_region
from genai_layers.foundation import RetainedLogGroup
from genai_layers.foundation.born_name import born_name

BODY_KIB = (16, 32, 48, 64)
"""How much of a body AWS WAF looks at before a REST API, KiB (AWS::WAFv2::WebACL AssociationConfig)."""

_LEAST_RATE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallLimits:
    """
    What a firewall lets through.

    Attributes:
        requests_per_address: Requests of one address in five minutes, at least 10. Default: 1,000, so that an office
            behind one address is not stopped.
        body_kib: Longest body, one of 16, 32, 48 and 64 KiB. Default: 64, some ten thousand words; a function reads
            256 KiB without a firewall.
    """

    requests_per_address: int = 1_000
    body_kib: int = 64

    def faults(self) -> list[str]:
        """Return what AWS WAF does not have."""
        faults = []
        if self.requests_per_address < _LEAST_RATE:
            faults.append(f"firewall.requests_per_address is {self.requests_per_address}: give at least {_LEAST_RATE}")
        if self.body_kib not in BODY_KIB:
            faults.append(f"firewall.body_kib is {self.body_kib}: give one of {', '.join(map(str, BODY_KIB))}")
        return faults


class Firewall(Construct):
    """
    AWS WAF before an API; `Api(firewall=...)` makes it.

    It refuses addresses of bad repute, inputs that are known to attack web servers, too many requests of one address
    and bodies that are too long, before any token is looked at. What it refuses is logged, without token and query.

    It costs 5 USD a month, a USD for each of its five rules, and 0.60 USD for a million requests; a body above
    16 KiB costs more (AWS WAF pricing, read 2026-11-25).

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        stage: What it stands before.
        limits: What it lets through.
        log_key: Key for its log; it needs `KeyUse.LOGS`.
        log_retention: How long its log is kept.
        removal_policy: What happens to its log when the stack goes.

    Attributes:
        web_acl: The web ACL.
        log_group: What it refused or counted.

    Raises:
        RegionError: The region has no AWS WAF.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: apigateway.Stage,
        limits: FirewallLimits,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::WAFv2::WebACL")
        self._metric = Names.unique_resource_name(self, max_length=128)
        groups = [managed(name, counted, priority) for priority, (name, counted) in enumerate(MANAGED)]
        self.web_acl = wafv2.CfnWebACL(
            self,
            "Resource",
            association_config=wafv2.CfnWebACL.AssociationConfigProperty(
                request_body={
                    "API_GATEWAY": wafv2.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                        default_size_inspection_limit=f"KB_{limits.body_kib}"
                    )
                }
            ),
            custom_response_bodies=refusals(),
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            description="before the API of the application",
            rules=[
                *groups,
                rate_of_an_address(limits.requests_per_address, len(groups)),
                size_of_a_body(limits.body_kib, len(groups) + 1),
            ],
            scope="REGIONAL",
            visibility_config=visibility(self._metric),
        )
        # AWS WAF takes no group whose name begins otherwise.
        name = f"aws-waf-logs-{born_name(self)}"
        self.log_group = RetainedLogGroup(
            self, "Log", key=log_key, name=name, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self._log(name)
        association = wafv2.CfnWebACLAssociation(
            self, "Before", resource_arn=stage.stage_arn, web_acl_arn=self.web_acl.attr_arn
        )
        association.node.add_dependency(stage)

    def metric_refused(self) -> cloudwatch.Metric:
        """Return how many requests were refused."""
        return cloudwatch.Metric(
            namespace="AWS/WAFV2",
            metric_name="BlockedRequests",
            statistic="Sum",
            dimensions_map={"WebACL": self._metric, "Rule": "ALL", "Region": Stack.of(self).region},
        )

    def _log(self, group_name: str) -> None:
        """Keep what was refused or counted; what was let through is in the access log of the API."""
        group = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        acted = [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")]
        logging = wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            log_destination_configs=[group],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": acted}],
            },
            redacted_fields=[
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": "authorization"}),
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(query_string={}),
            ],
            resource_arn=self.web_acl.attr_arn,
        )
        logging.node.add_dependency(self.log_group)
