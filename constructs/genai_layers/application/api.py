"""The door: an HTTP API that lets nobody in without a verified token."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import jsii
from aws_cdk import Duration, Names, RemovalPolicy
from aws_cdk import aws_apigateway as rest
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application.errors import ApiError
from genai_layers.application.regions import require_region
from genai_layers.application.user_directory import UserDirectory
from genai_layers.foundation import RetainedLogGroup

INTEGRATION_TIMEOUT = Duration.seconds(29)
"""How long the API waits for a function; the service allows 30 s and no more, the CDK 29."""

_ORIGIN = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?")
_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/[A-Za-z0-9_./{}-]+)")

_LOGGED = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "user": "$context.authorizer.claims.sub",
    "client": "$context.authorizer.claims.client_id",
    "route": "$context.routeKey",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "error": "$context.error.message",
    "errorType": "$context.error.responseType",
}
"""Who did what when and with which outcome; neither a query string nor anything else that a user typed."""


class Api(Construct):
    """
    An HTTP API in front of functions, every route of it behind the user directory.

    There is no route that catches what no other takes, no browser origin unless one is named, and a limit on
    requests. Every request is logged.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it changes the address.
        directory: Who may come in, with an access token of its client.
        log_key: Key for the access log; it needs `KeyUse.LOGS`.
        log_retention: How long the access log is kept. Default: one year.
        removal_policy: What happens to the access log when the stack goes. Default: it is kept.
        requests_per_second: Steady rate of each route, of all users together. Default: 10.
        burst: Requests let through at once. Default: 20.
        allowed_origins: Origins whose pages may call the API from a browser. Default: none.

    Attributes:
        http_api: The API.
        stage: Its one stage.
        log_group: Its access log.

    Raises:
        ApiError: A limit that lets nothing through, or an origin that is none.
        RegionError: The region has no HTTP APIs.

    Example:
        api = Api(self, "Api", directory=directory, log_key=key.key)
        api.add_route("POST /chat", chat.function)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        directory: UserDirectory,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        requests_per_second: int = 10,
        burst: int = 20,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::ApiGatewayV2::Api")
        _check(requests_per_second, burst, allowed_origins)
        self.log_group = RetainedLogGroup(
            self, "AccessLog", key=log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self.http_api = apigateway.HttpApi(
            self,
            "Resource",
            # Shown in the console; from the path of the construct, since the default is the id alone.
            api_name=Names.unique_resource_name(self, max_length=64, separator="-"),
            cors_preflight=_cors(allowed_origins),
            create_default_stage=False,
            default_authorizer=authorizers.HttpUserPoolAuthorizer(
                "Users", directory.user_pool, user_pool_clients=[directory.client]
            ),
            description="Chat over documents, for signed-in users",
        )
        self.stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.http_api,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=_AccessLog(self.log_group),
            throttle=apigateway.ThrottleSettings(rate_limit=requests_per_second, burst_limit=burst),
        )

    @property
    def url(self) -> str:
        """Address of the API, without a slash at its end."""
        return self.http_api.api_endpoint

    def add_route(self, route: str, function: lambda_.IFunction) -> apigateway.HttpRoute:
        """
        Send the requests of a route to a function.

        Args:
            route: Method and path, such as `GET /conversations/{id}`; without a wildcard.
            function: Answers them; it may be called by this route and no other.

        Raises:
            ApiError: The route has another form, or takes whatever comes.
        """
        match = _ROUTE.fullmatch(route)
        if match is None or "+}" in route:
            raise ApiError([f"route {route!r} is not a method and a path: write it like 'GET /conversations/{{id}}'"])
        (added,) = self.http_api.add_routes(
            path=match[2],
            methods=[apigateway.HttpMethod(match[1])],
            integration=integrations.HttpLambdaIntegration(
                "Function", function, scope_permission_to_route=True, timeout=INTEGRATION_TIMEOUT
            ),
        )
        return added

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric of namespace `AWS/ApiGateway` for this API.

        Args:
            name: Metric, such as `5xx`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            statistic=statistic,
            dimensions_map={"ApiId": self.http_api.api_id},
        )

    def metric_requests(self) -> cloudwatch.Metric:
        """Return how many requests came."""
        return self.metric("Count", statistic="SampleCount")

    def metric_client_errors(self) -> cloudwatch.Metric:
        """Return how many requests were refused: wrong, without a token, or too many."""
        return self.metric("4xx")

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many requests failed."""
        return self.metric("5xx")

    def metric_latency(self, *, statistic: str = "p95") -> cloudwatch.Metric:
        """Return how long requests took, in milliseconds, at the 95th percentile."""
        return self.metric("Latency", statistic=statistic)


@jsii.implements(apigateway.IAccessLogSettings)
class _AccessLog:
    """An access log of one JSON object a line."""

    def __init__(self, log_group: logs.ILogGroup) -> None:
        self._destination = apigateway.LogGroupLogDestination(log_group)
        self._format = rest.AccessLogFormat.custom(json.dumps(_LOGGED, separators=(",", ":")))

    @property
    def destination(self) -> apigateway.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> rest.AccessLogFormat:
        return self._format


def _cors(origins: Sequence[str]) -> apigateway.CorsPreflightOptions | None:
    if not origins:
        return None
    return apigateway.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[
            apigateway.CorsHttpMethod.DELETE,
            apigateway.CorsHttpMethod.GET,
            apigateway.CorsHttpMethod.POST,
        ],
        allow_headers=["authorization", "content-type", "idempotency-key"],
        expose_headers=["idempotent-replayed", "retry-after", "x-request-id"],
        max_age=Duration.minutes(10),
    )


def _check(requests_per_second: int, burst: int, origins: Sequence[str]) -> None:
    faults = []
    if requests_per_second < 1:
        faults.append(f"requests_per_second is {requests_per_second}: give at least 1")
    if burst < requests_per_second:
        faults.append(f"burst {burst} is below requests_per_second {requests_per_second}: give at least as many")
    faults += [
        f"allowed_origins holds {origin!r}: name each origin, as in 'https://chat.example.com'"
        for origin in origins
        if not _ORIGIN.fullmatch(origin)
    ]
    if faults:
        raise ApiError(faults)
