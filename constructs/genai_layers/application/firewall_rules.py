"""Rules of the firewall before an API, as AWS WAF has them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_wafv2 as wafv2

MANAGED = (
    ("AWSManagedRulesAmazonIpReputationList", ()),
    ("AWSManagedRulesKnownBadInputsRuleSet", ()),
    (
        "AWSManagedRulesCommonRuleSet",
        # What people write to a model is prose and code: these rules take code in a body for an attack on a web server,
        # and 8 KiB for too long. The address, the query and the headers stay under them.
        (
            "SizeRestrictions_BODY",
            "CrossSiteScripting_BODY",
            "GenericLFI_BODY",
            "GenericRFI_BODY",
            "EC2MetaDataSSRF_BODY",
        ),
    ),
)
"""Groups of AWS's own rules, and which of each only count (AWS WAF developer guide, read 2026-11-25)."""

TOO_LARGE = "TooLarge"
_REFUSED = '{"error":{"code":"request_too_large","message":"the body is longer than the firewall lets through"}}'


def managed(name: str, counted: Sequence[str], priority: int) -> wafv2.CfnWebACL.RuleProperty:
    """
    Return a group of rules that AWS keeps.

    Args:
        name: Its name.
        counted: Rules of it that only count.
        priority: Its turn.
    """
    count = wafv2.CfnWebACL.RuleActionProperty(count={})
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=name,
                rule_action_overrides=[
                    wafv2.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=count) for rule in counted
                ],
            )
        ),
        visibility_config=visibility(name),
    )


def rate_of_an_address(limit: int, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    """
    Return the rule about too many requests of one address in five minutes.

    Args:
        limit: Requests let through.
        priority: Its turn.
    """
    return wafv2.CfnWebACL.RuleProperty(
        name="RateOfAnAddress",
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(
            block=wafv2.CfnWebACL.BlockActionProperty(
                custom_response=wafv2.CfnWebACL.CustomResponseProperty(response_code=429)
            )
        ),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                limit=limit, aggregate_key_type="IP", evaluation_window_sec=300
            )
        ),
        visibility_config=visibility("RateOfAnAddress"),
    )


def size_of_a_body(kib: int, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    """
    Return the rule about a body that is too long, also one of which AWS WAF sees the beginning only.

    Args:
        kib: KiB let through.
        priority: Its turn.
    """
    return wafv2.CfnWebACL.RuleProperty(
        name="SizeOfABody",
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(
            block=wafv2.CfnWebACL.BlockActionProperty(
                custom_response=wafv2.CfnWebACL.CustomResponseProperty(
                    response_code=413, custom_response_body_key=TOO_LARGE
                )
            )
        ),
        statement=wafv2.CfnWebACL.StatementProperty(
            size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
                comparison_operator="GT",
                size=kib * 1024,
                field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(
                    body=wafv2.CfnWebACL.BodyProperty(oversize_handling="MATCH")
                ),
                text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
            )
        ),
        visibility_config=visibility("SizeOfABody"),
    )


def refusals() -> dict[str, wafv2.CfnWebACL.CustomResponseBodyProperty]:
    """Return what a refused caller is told, by name."""
    return {
        TOO_LARGE: wafv2.CfnWebACL.CustomResponseBodyProperty(content=_REFUSED, content_type="APPLICATION_JSON"),
    }


def visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """
    Return how a rule is counted: its requests are not sampled, since a sample holds what a user sent.

    Args:
        name: Name of its metric.
    """
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
