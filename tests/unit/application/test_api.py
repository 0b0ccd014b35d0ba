"""Nobody comes in without a verified token, and every request is bounded and logged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from genai_layers.application import Api, ApiError
from genai_layers.application.chat_service import ROUTES
from genai_layers.testing import Resolver, Template, resources
from tests.unit.application.conftest import Estate, make_estate

pytestmark = pytest.mark.synth


def _one(template: Template, type: str, prefix: str) -> dict[str, Any]:
    (found,) = [one for name, one in resources(template, type).items() if name.startswith(prefix)]
    return found["Properties"]


def _methods(template: Template, prefix: str = "") -> list[dict[str, Any]]:
    methods = resources(template, "AWS::ApiGateway::Method").items()
    return [one["Properties"] for name, one in methods if name.startswith(prefix)]


def _routes(template: Template, prefix: str = "") -> list[dict[str, Any]]:
    return [one for one in _methods(template, prefix) if one["HttpMethod"] != "OPTIONS"]


def test_every_route_asks_for_a_token_of_the_directory(template: Template) -> None:
    """No route is open but a browser's question beforehand, and none takes whatever comes."""
    routes = _routes(template)
    paths = [one["Properties"]["PathPart"] for one in resources(template, "AWS::ApiGateway::Resource").values()]

    assert len(routes) == 2 * len(ROUTES)
    assert {route["AuthorizationType"] for route in routes} == {"COGNITO_USER_POOLS"}
    assert all("AuthorizerId" in route for route in routes)
    assert {route["HttpMethod"] for route in routes} == {"GET", "POST", "DELETE"}
    assert not [path for path in paths if "+}" in path]


def test_a_token_of_identity_is_refused(template: Template) -> None:
    """It holds no scope, and every route asks for one."""
    scopes = {tuple(route["AuthorizationScopes"]) for route in _routes(template)}

    assert scopes == {("aws.cognito.signin.user.admin",)}


def test_the_authorizer_knows_the_pool(template: Template) -> None:
    """A token of another pool is refused; one of another client by the function, which is told which to take."""
    authorizer = _one(template, "AWS::ApiGateway::Authorizer", "ApiUsers")

    (pool,) = [name for name in resources(template, "AWS::Cognito::UserPool") if name.startswith("Directory")]
    assert authorizer["Type"] == "COGNITO_USER_POOLS"
    assert authorizer["ProviderARNs"] == [{"Fn::GetAtt": [pool, "Arn"]}]


@pytest.mark.parametrize(("prefix", "expected"), [("ApiStage", (10, 20)), ("BrowserApiStage", (5, 7))])
def test_requests_are_limited(prefix: str, expected: tuple[int, int], template: Template) -> None:
    """As asked, and by default to ten a second."""
    (settings,) = _one(template, "AWS::ApiGateway::Stage", prefix)["MethodSettings"]

    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == expected
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")


def test_answers_come_piece_by_piece(template: Template) -> None:
    """The chat's routes stream, for longer than a whole answer may take, from a function with the wrapper for it."""
    function = _one(template, "AWS::Lambda::Function", "ChatFunction")

    for route in _routes(template, "Api"):
        assert route["Integration"]["ResponseTransferMode"] == "STREAM"
        assert route["Integration"]["TimeoutInMillis"] == 300_000
    assert function["Timeout"] < 300
    assert function["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] == "/var/task/runtime/streaming/start"


def test_requests_are_logged_without_what_users_typed(template: Template) -> None:
    """JSON with who, what, when and the outcome; no path and no query, which a user types."""
    settings = _one(template, "AWS::ApiGateway::Stage", "ApiStage")["AccessLogSetting"]

    log = json.loads(settings["Format"])
    assert log["user"] == "$context.authorizer.claims.sub"
    assert log["route"] == "$context.resourcePath"
    assert {"requestId", "sourceIp", "status", "authorizerError"} <= set(log)
    assert not [value for value in log.values() if value == "$context.path" or "query" in value.lower()]


def test_a_stage_waits_until_api_gateway_may_write_logs(template: Template) -> None:
    """Without the role of the account no stage with an access log can be made."""
    (setting,) = resources(template, "Custom::ApiLogSetting")

    for name, stage in resources(template, "AWS::ApiGateway::Stage").items():
        assert setting in stage["DependsOn"], name


def test_the_role_that_writes_logs_stays_with_them(template: Template) -> None:
    """Other APIs of the account may rely on it, so it is kept, and the function leaves the setting alone."""
    (setting,) = resources(template, "Custom::ApiLogSetting").values()
    role = resources(template, "AWS::IAM::Role")[setting["Properties"]["RoleArn"]["Fn::GetAtt"][0]]

    assert role["DeletionPolicy"] == "Retain"
    assert setting["Properties"]["RoleStays"] == "true"


def test_the_access_log_is_encrypted_and_kept(template: Template) -> None:
    """A year, under the key for logs, also when the stack goes."""
    (group,) = [
        one for name, one in resources(template, "AWS::Logs::LogGroup").items() if name.startswith("ApiAccessLog")
    ]

    assert group["Properties"]["RetentionInDays"] == 365
    assert "LogKey" in json.dumps(group["Properties"]["KmsKeyId"])
    assert group["DeletionPolicy"] == "Retain"


def test_no_browser_page_may_call_it_unless_named(template: Template) -> None:
    """Closed by default; then only the named origin, without cookies, and it may read a refusal."""
    asked = [one for one in _methods(template) if one["HttpMethod"] == "OPTIONS"]
    refusals = [one["Properties"] for one in resources(template, "AWS::ApiGateway::GatewayResponse").values()]
    told = [answer["ResponseParameters"] for one in asked for answer in one["Integration"]["IntegrationResponses"]]

    assert {one["RestApiId"]["Ref"][:10] for one in asked} == {"BrowserApi"}
    header = "method.response.header.Access-Control-Allow-"
    assert {one[f"{header}Origin"] for one in told} == {"'https://chat.example.com'"}
    assert not [one for one in told if f"{header}Credentials" in one]
    assert {one["ResponseType"] for one in refusals} == {"DEFAULT_4XX", "DEFAULT_5XX"}
    assert all("https://chat.example.com" in str(one["ResponseParameters"]) for one in refusals)


def test_a_function_may_be_called_by_its_routes_only(template: Template) -> None:
    """Every permission of a service names the API and the path; any other is one role's."""
    permissions = [one["Properties"] for one in resources(template, "AWS::Lambda::Permission").values()]
    of_services = [one for one in permissions if isinstance(one["Principal"], str)]

    assert {one["Principal"] for one in of_services} == {"apigateway.amazonaws.com"}
    assert all(list(one["Principal"]) == ["Fn::GetAtt"] for one in permissions if one not in of_services)
    for permission in of_services:
        source = Resolver(template=template).resolve(permission["SourceArn"])
        assert source.split("/")[2] in ("GET", "POST", "DELETE")
        assert not source.endswith(("/GET/*", "/POST/*", "/DELETE/*"))


def test_the_address_has_no_slash_at_its_end(estate: Estate) -> None:
    """So that `url + "/chat"` is an address."""
    resolved = estate.stack.resolve(estate.api.url)

    assert resolved["Fn::Join"][1][-1].endswith("/api")


def test_metrics_are_those_of_this_api(estate: Estate) -> None:
    """Counts are summed, latency is a percentile."""
    errors, latency = estate.api.metric_server_errors(), estate.api.metric_latency()

    assert (errors.metric_name, errors.statistic) == ("5XXError", "Sum")
    assert (latency.metric_name, latency.statistic) == ("Latency", "p95")
    assert list(errors.dimensions or {}) == ["ApiName", "Stage"]


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
