"""Nobody comes in without a verified token, and every request is bounded and logged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from genai_layers.application import Api, ApiError
from genai_layers.testing import Template, resources
from tests.unit.application.conftest import Estate, make_estate

pytestmark = pytest.mark.synth


def _one(template: Template, type: str, prefix: str) -> dict[str, Any]:
    (found,) = [one for name, one in resources(template, type).items() if name.startswith(prefix)]
    return found["Properties"]


def test_every_route_asks_for_a_token_of_the_directory(template: Template) -> None:
    """No route is open, and none takes whatever comes."""
    routes = [route["Properties"] for route in resources(template, "AWS::ApiGatewayV2::Route").values()]

    assert len(routes) == 16
    assert {route["AuthorizationType"] for route in routes} == {"JWT"}
    assert all("AuthorizerId" in route for route in routes)
    assert not [route for route in routes if "$default" in route["RouteKey"] or "+}" in route["RouteKey"]]


def test_the_authorizer_knows_the_pool_and_its_client(template: Template) -> None:
    """A token of another pool or of another client is refused."""
    configuration = _one(template, "AWS::ApiGatewayV2::Authorizer", "ApiUsers")["JwtConfiguration"]

    (client,) = [name for name in resources(template, "AWS::Cognito::UserPoolClient") if name.startswith("Directory")]
    (pool,) = [name for name in resources(template, "AWS::Cognito::UserPool") if name.startswith("Directory")]
    assert configuration["Audience"] == [{"Ref": client}]
    assert configuration["Issuer"]["Fn::Join"][1][-1] == {"Ref": pool}


def test_requests_are_limited(template: Template) -> None:
    """As asked, and by default to ten a second."""
    settings = _one(template, "AWS::ApiGatewayV2::Stage", "ApiStage")["DefaultRouteSettings"]
    asked = _one(template, "AWS::ApiGatewayV2::Stage", "BrowserApiStage")["DefaultRouteSettings"]

    assert settings == {"ThrottlingRateLimit": 10, "ThrottlingBurstLimit": 20}
    assert asked == {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 7}


def test_requests_are_logged_without_what_users_typed(template: Template) -> None:
    """JSON with who, what, when and the outcome; no path and no query, which a user types."""
    settings = _one(template, "AWS::ApiGatewayV2::Stage", "ApiStage")["AccessLogSettings"]

    log = json.loads(settings["Format"])
    assert log["user"] == "$context.authorizer.claims.sub"
    assert {"requestId", "sourceIp", "route", "status", "authorizerError"} <= set(log)
    assert not [value for value in log.values() if "path" in value.lower() or "query" in value.lower()]


def test_the_access_log_is_encrypted_and_kept(template: Template) -> None:
    """A year, under the key for logs, also when the stack goes."""
    (group,) = [
        one for name, one in resources(template, "AWS::Logs::LogGroup").items() if name.startswith("ApiAccessLog")
    ]

    assert group["Properties"]["RetentionInDays"] == 365
    assert "LogKey" in json.dumps(group["Properties"]["KmsKeyId"])
    assert group["DeletionPolicy"] == "Retain"


def test_no_browser_page_may_call_it_unless_named(template: Template) -> None:
    """Closed by default; then only the named origin, without cookies."""
    cors = _one(template, "AWS::ApiGatewayV2::Api", "BrowserApi")["CorsConfiguration"]

    assert "CorsConfiguration" not in _one(template, "AWS::ApiGatewayV2::Api", "Api9")
    assert cors["AllowOrigins"] == ["https://chat.example.com"]
    assert not cors.get("AllowCredentials")


def test_a_function_may_be_called_by_its_routes_only(template: Template) -> None:
    """Every permission of a service names the API and the path; any other is one role's."""
    permissions = [one["Properties"] for one in resources(template, "AWS::Lambda::Permission").values()]
    of_services = [one for one in permissions if isinstance(one["Principal"], str)]

    assert {one["Principal"] for one in of_services} == {"apigateway.amazonaws.com"}
    assert all(list(one["Principal"]) == ["Fn::GetAtt"] for one in permissions if one not in of_services)
    for permission in of_services:
        source = json.dumps(permission["SourceArn"])
        assert "/*/*/" in source
        assert not source.endswith('/*/*/*"]]}')


def test_the_address_has_no_slash_at_its_end(estate: Estate) -> None:
    """So that `url + "/chat"` is an address."""
    resolved = estate.stack.resolve(estate.api.url)

    assert list(resolved) == ["Fn::GetAtt"]


def test_metrics_are_those_of_this_api(estate: Estate) -> None:
    """Counts are summed, latency is a percentile."""
    errors, latency = estate.api.metric_server_errors(), estate.api.metric_latency()

    assert (errors.metric_name, errors.statistic) == ("5xx", "Sum")
    assert (latency.metric_name, latency.statistic) == ("Latency", "p95")
    assert list(errors.dimensions or {}) == ["ApiId"]


@pytest.mark.parametrize(
    "route", ["$default", "ANY /x", "GET x", "POST /{proxy+}", "GET /a b", "get /x", "GET /x?y", "GET"]
)
def test_refuses_a_route_that_takes_whatever_comes(route: str, estate: Estate) -> None:
    """A route is one method and one path."""
    with pytest.raises(ApiError, match="is not a method and a path"):
        estate.api.add_route(route, None)  # type: ignore[arg-type]


def test_says_all_that_is_wrong_at_once() -> None:
    """Limits and origins together."""
    estate = make_estate()

    with pytest.raises(ApiError) as caught:
        Api(
            estate.stack,
            "Other",
            directory=estate.directory,
            log_key=estate.log_key.key,
            requests_per_second=0,
            burst=-1,
            allowed_origins=["*", "http://chat.example.com", "https://chat.example.com/"],
        )

    assert caught.value.faults == (
        "requests_per_second is 0: give at least 1",
        "burst -1 is below requests_per_second 0: give at least as many",
        "allowed_origins holds '*': name each origin, as in 'https://chat.example.com'",
        "allowed_origins holds 'http://chat.example.com': name each origin, as in 'https://chat.example.com'",
        "allowed_origins holds 'https://chat.example.com/': name each origin, as in 'https://chat.example.com'",
    )
