"""The door: a REST API that lets nobody in without a verified token."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application.api_access_log import LOG_FORMAT
from genai_layers.application.api_browsers import answer_browsers, cors
from genai_layers.application.api_checks import check
from genai_layers.application.api_findings import accept_findings, accept_preflight
from genai_layers.application.api_log_setting import ApiLogSetting
from genai_layers.application.api_reach import reachable
from genai_layers.application.errors import ApiError
from genai_layers.application.firewall import Firewall, FirewallLimits
from genai_layers.application.regions import require_region
from genai_layers.application.token_audience import ApiScope
from genai_layers.application.user_directory import UserDirectory
from genai_layers.foundation import RetainedLogGroup

WHOLE_TIMEOUT = Duration.seconds(29)
"""How long the API waits for a whole answer; the service allows 29 s (API Gateway quotas, read 2026-11-25)."""

STREAM_TIMEOUT = Duration.minutes(5)
"""How long an answer may take that comes piece by piece; the service allows 15 minutes, and silence of 5."""

STAGE = "api"
"""The one stage, part of the address."""

_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/[A-Za-z0-9_./{}-]+)")


class Api(Construct):
    """
    A REST API in front of functions, every route of it behind the user directory.

    There is no route that catches what no other takes, no browser origin unless one is named, and a limit on
    requests. Every request is logged. Answers may come piece by piece.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it changes the address.
        directory: Who may come in, with an access token.
        log_key: Key for the access log; it needs `KeyUse.LOGS`.
        log_retention: How long the access log is kept. Default: one year.
        removal_policy: What happens to the access log when the stack goes. Default: it is kept.
        requests_per_second: Steady rate of the API, of all users together. Default: 10.
        burst: Requests let through at once. Default: 20.
        allowed_origins: Origins whose pages may call the API from a browser. Default: none.
        firewall: What AWS WAF lets through to it. Default: there is none, since it costs 10 USD a month while nobody
            comes, and every route takes verified tokens only.
        private_endpoint: Endpoint for `execute-api` of a network; the API can then be reached from there and from
            nowhere else. Default: it has a public address.

    Attributes:
        rest_api: The API.
        stage: Its one stage.
        log_group: Its access log.
        firewall: What stands before it; absent where nothing does.
        allowed_origins: Whose pages a function has to let read its answers.

    Raises:
        ApiError: A limit that lets nothing through, or an origin that is none.
        RegionError: The region has no REST APIs.

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
        firewall: FirewallLimits | None = None,
        private_endpoint: ec2.IVpcEndpoint | None = None,
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::ApiGateway::RestApi")
        check(requests_per_second, burst, allowed_origins, firewall)
        self.allowed_origins = tuple(allowed_origins)
        self._directory = directory
        self.log_group = RetainedLogGroup(
            self, "AccessLog", key=log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self.rest_api = apigateway.RestApi(
            self,
            "Resource",
            # Shown in the console and a dimension of the metrics; from the path, since the default is the id alone.
            rest_api_name=Names.unique_resource_name(self, max_length=64, separator="-"),
            cloud_watch_role=False,
            default_cors_preflight_options=cors(allowed_origins),
            deploy=False,
            description="Chat over documents, for signed-in users",
            **reachable(private_endpoint),
        )
        self._validator = self.rest_api.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        self.stage = apigateway.Stage(
            self,
            "Stage",
            deployment=apigateway.Deployment(self, "Deployment", api=self.rest_api),
            stage_name=STAGE,
            access_log_destination=apigateway.LogGroupLogDestination(self.log_group),
            access_log_format=apigateway.AccessLogFormat.custom(LOG_FORMAT),
            method_options={
                "/*/*": apigateway.MethodDeploymentOptions(
                    throttling_rate_limit=requests_per_second, throttling_burst_limit=burst
                )
            },
            tracing_enabled=True,
        )
        self.stage.node.add_dependency(
            ApiLogSetting.of(self, log_key=log_key, log_retention=log_retention, removal_policy=removal_policy)
        )
        answer_browsers(self.rest_api, allowed_origins)
        self.firewall = None if firewall is None else self._protect(firewall, log_key, log_retention, removal_policy)
        accept_findings(self.stage, has_firewall=firewall is not None)

    @property
    def client_ids(self) -> tuple[str, ...]:
        """App clients of people whose tokens a function has to take; the API itself looks at the user pool alone."""
        return self._directory.audience.client_ids

    @property
    def host(self) -> str:
        """Host of the API."""
        stack = Stack.of(self)
        return f"{self.rest_api.rest_api_id}.execute-api.{stack.region}.{stack.url_suffix}"

    @property
    def url(self) -> str:
        """Address of the API, without a slash at its end."""
        return f"https://{self.host}/{STAGE}"

    def add_route(
        self, route: str, function: lambda_.IFunction, *, in_pieces: bool = False, scopes: Sequence[ApiScope] = ()
    ) -> apigateway.Method:
        """
        Send the requests of a route to a function.

        Args:
            route: Method and path, such as `GET /conversations/{id}`; without a wildcard.
            function: Answers them; it may be called by this route and no other.
            in_pieces: Whether it answers piece by piece, as `PythonFunction(in_pieces=True)` does. Default: whole.
            scopes: Scopes of machine clients that may use it too. Default: none, it is for people.

        Raises:
            ApiError: The route has another form, or takes whatever comes.
        """
        match = _ROUTE.fullmatch(route)
        if match is None or "+}" in route:
            raise ApiError([f"route {route!r} is not a method and a path: write it like 'GET /conversations/{{id}}'"])
        integration = apigateway.LambdaIntegration(
            function,
            allow_test_invoke=False,
            response_transfer_mode=apigateway.ResponseTransferMode.STREAM if in_pieces else None,
            timeout=STREAM_TIMEOUT if in_pieces else WHOLE_TIMEOUT,
        )
        resource = self.rest_api.root.resource_for_path(match[2])
        accept_preflight(resource)
        return resource.add_method(
            match[1],
            integration,
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorizer=self._users(),
            # One of them is enough. A token of identity has none: it is made for the client and not for an API.
            authorization_scopes=[*self._directory.audience.person_scopes, *(scope.text for scope in scopes)],
            request_validator=self._validator,
        )

    def _protect(
        self,
        limits: FirewallLimits,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> Firewall:
        return Firewall(
            self,
            "Firewall",
            stage=self.stage,
            limits=limits,
            log_key=log_key,
            log_retention=log_retention,
            removal_policy=removal_policy,
        )

    def _users(self) -> apigateway.IAuthorizer:
        """Return the authorizer, made for the first route: one without a route cannot be deployed."""
        there = self.node.try_find_child("Users")
        if isinstance(there, apigateway.CognitoUserPoolsAuthorizer):
            return there
        return apigateway.CognitoUserPoolsAuthorizer(self, "Users", cognito_user_pools=[self._directory.user_pool])

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric of namespace `AWS/ApiGateway` for this API.

        Args:
            name: Metric, such as `5XXError`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            statistic=statistic,
            dimensions_map={"ApiName": self.rest_api.rest_api_name, "Stage": STAGE},
        )

    def metric_requests(self) -> cloudwatch.Metric:
        """Return how many requests came."""
        return self.metric("Count", statistic="SampleCount")

    def metric_client_errors(self) -> cloudwatch.Metric:
        """Return how many requests were refused: wrong, without a token, or too many."""
        return self.metric("4XXError")

    def metric_server_errors(self) -> cloudwatch.Metric:
        """Return how many requests failed."""
        return self.metric("5XXError")

    def metric_latency(self, *, statistic: str = "p95") -> cloudwatch.Metric:
        """Return how long requests took, in milliseconds, at the 95th percentile."""
        return self.metric("Latency", statistic=statistic)
