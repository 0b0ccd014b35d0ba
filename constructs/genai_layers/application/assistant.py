"""An application beside the chat: a function of its own behind the API, with a budget and a guardrail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application.assistant_options import AssistantOptions, environment, faults_of
from genai_layers.application.chat_service import NAMESPACE, TIMEOUT
from genai_layers.application.chat_table import conversation_table
from genai_layers.application.errors import AssistantError
from genai_layers.foundation import InterfaceEndpoint, KeyUse, PythonFunction
from genai_layers.platform.interfaces import IModel

_KEPT = ("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
"""What an application does with its table, one item at a time."""


class Assistant(Construct):
    """
    What every application beside the chat is made of.

    It has a function with a role of its own, which may run the named models under the guardrail, and a table for
    the tokens of the day and for answers to repeated requests; it cannot read what the chat keeps. It stands in a
    network without a way to the internet, and costs nothing while nobody asks.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table.
        handler_folder: Folder of `runtime` with its code.
        description: What it does.
        routes: What it answers.
        models: Models that it may ask, by what people call them.
        settings: Environment of its own.
        faults: What is wrong with what is its own.
        options: What every application is asked for with; see `AssistantOptions`.

    Attributes:
        table: Tokens of the day and kept answers.

    Raises:
        AssistantError: Names every fault.
    """

    REQUIRED_ENDPOINTS: tuple[InterfaceEndpoint, ...] = (InterfaceEndpoint.BEDROCK_RUNTIME,)
    REQUIRED_KEY_USES: tuple[KeyUse, ...] = (KeyUse.DYNAMODB,)
    REQUIRED_LOG_KEY_USES = (KeyUse.LOGS, KeyUse.LAMBDA)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handler_folder: str,
        description: str,
        routes: Sequence[str],
        models: Mapping[str, IModel],
        options: AssistantOptions,
        settings: Mapping[str, str] | None = None,
        faults: Sequence[str] = (),
        timeout: Duration = TIMEOUT,
    ) -> None:
        super().__init__(scope, id)
        if found := [*faults_of(models, options), *faults]:
            raise AssistantError(found)
        removal_policy = options.get("removal_policy", RemovalPolicy.RETAIN)
        self.table = conversation_table(self, "Ledger", key=options["key"], removal_policy=removal_policy)
        self._function = PythonFunction(
            self,
            "Function",
            handler_folder=handler_folder,
            description=description,
            key=options["log_key"],
            log_retention=options.get("log_retention", logs.RetentionDays.ONE_YEAR),
            environment={**environment(models, options, self.table.table_name), **(settings or {})},
            timeout=timeout,
            in_pieces=True,
            # Memory is also processor share; below a gigabyte the first answer waits for the imports.
            memory_mib=1024,
            vpc=options["vpc"],
            subnets=options.get("subnets"),
            reserved_concurrency=options.get("reserved_concurrency"),
            removal_policy=removal_policy,
        )
        for model in models.values():
            model.grant_invoke(self._function, guardrail=options["guardrail"])
        self.table.grant(self._function, *_KEPT)
        options["key"].grant(self._function, "kms:Decrypt")
        for route in routes:
            options["api"].add_route(route, self.function, in_pieces=True)

    @property
    def function(self) -> lambda_.Function:
        """The function."""
        return self._function.function

    @property
    def connections(self) -> ec2.Connections:
        """Network connections of the function."""
        return self._function.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Who a grant to the application is for: the role of its function."""
        return self._function.grant_principal

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric that the function writes, of the same names as those of the chat.

        Args:
            name: See `ChatService.metric`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            statistic=statistic,
            dimensions_map={"FunctionName": self.function.function_name},
        )
