"""What the API itself tells the browsers of pages on other origins."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway

_REFUSALS = (
    ("Refused", apigateway.ResponseType.DEFAULT_4_XX),
    ("Failed", apigateway.ResponseType.DEFAULT_5_XX),
)


def cors(origins: Sequence[str]) -> apigateway.CorsOptions | None:
    """
    Return what a browser is told before it sends a request; nothing where no page of another origin may.

    Args:
        origins: The origins.
    """
    if not origins:
        return None
    return apigateway.CorsOptions(
        allow_origins=list(origins),
        allow_methods=["DELETE", "GET", "POST"],
        allow_headers=["authorization", "content-type", "idempotency-key"],
        max_age=Duration.minutes(10),
    )


def answer_browsers(api: apigateway.RestApi, origins: Sequence[str]) -> None:
    """
    Let a page read what the API refuses by itself: without this a browser hides even the status.

    Such an answer can name one origin; of several, none can be told which to name, and pages see that it failed.

    Args:
        api: The API.
        origins: The origins.
    """
    if len(origins) != 1:
        return
    for name, kind in _REFUSALS:
        api.add_gateway_response(name, type=kind, response_headers={"access-control-allow-origin": f"'{origins[0]}'"})
