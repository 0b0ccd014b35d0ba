"""What the packs find about an API, and why it is as it should be."""

from __future__ import annotations

from aws_cdk import aws_apigateway as apigateway

from genai_layers.foundation.nag import acknowledge


def accept_findings(stage: apigateway.Stage, *, has_firewall: bool) -> None:
    """
    Accept them.

    Args:
        stage: Its stage.
        has_firewall: Whether AWS WAF stands before it.
    """
    acknowledge(
        stage,
        "AwsSolutions-APIG6",
        "APIGWExecutionLoggingEnabled",
        reason="API Gateway writes execution logs to a group of its own making, without a key or an end, which stays "
        "when the API goes; the access log has every request with its outcome, and the function logs its faults.",
    )
    if not has_firewall:
        acknowledge(
            stage,
            "AwsSolutions-APIG3",
            "APIGWAssociatedWithWAF",
            reason="Every route takes verified tokens only, and rate, size and tokens a day are limited; a firewall, "
            "which costs 10 USD a month while nobody comes, is the environment's choice.",
        )
    acknowledge(
        stage,
        "APIGWCacheEnabledAndEncrypted",
        reason="An answer is one person's and is kept nowhere on its way.",
    )
    acknowledge(
        stage,
        "APIGWSSLEnabled",
        reason="What stands behind the API is a function that API Gateway calls by its own permission, not a server "
        "that would have to know it by a certificate.",
    )


def accept_preflight(resource: apigateway.IResource) -> None:
    """
    Accept that a browser may ask *resource*, and what leads to it, what it may send.

    Args:
        resource: A resource of the API.
    """
    step: apigateway.IResource | None = resource
    while step is not None:
        method = step.node.try_find_child("OPTIONS")
        if isinstance(method, apigateway.Method):
            acknowledge(
                method,
                "AwsSolutions-APIG4",
                "AwsSolutions-COG4",
                reason="A browser sends no token with the question whether it may send a request; the answer is fixed.",
            )
        step = step.parent_resource
