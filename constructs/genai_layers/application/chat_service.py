"""Chat over documents: retrieve, converse under the guardrail, keep the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application.api import STREAM_TIMEOUT, Api
from genai_layers.application.chat_environment import ChatWishes, environment
from genai_layers.application.chat_machines import scopes_of
from genai_layers.application.chat_models import AllowedModels, AnyModel, ModelChoice
from genai_layers.application.chat_routes import ChatRoutes
from genai_layers.application.chat_table import conversation_table, grant_conversations
from genai_layers.application.chat_values import Retrieval, TokenBudget
from genai_layers.application.errors import ChatServiceError
from genai_layers.application.machine_client import MachineClient
from genai_layers.foundation import InterfaceEndpoint, KeyUse, PythonFunction
from genai_layers.platform.interfaces import IGuardrail, IKnowledgeBase, IModel

NAMESPACE = "GenAiLayers/Chat"
"""Namespace of the metrics that the function writes."""

ROUTES = (
    "POST /chat",
    "POST /v1/chat/completions",
    "GET /v1/models",
    "GET /conversations",
    "DELETE /conversations",
    "GET /conversations/{id}",
    "DELETE /conversations/{id}",
    "POST /conversations/{id}/feedback",
    "GET /usage",
    "GET /openapi.json",
)
"""What the function answers; a test holds it against the function's own list."""

TIMEOUT = STREAM_TIMEOUT.minus(Duration.seconds(1))
"""A second less than the API waits, so that the caller always hears from the function."""


class ChatService(Construct):
    """
    A function that answers questions from the documents of a knowledge base, for the users of an API.

    It can run its models, under the guardrail or judged by it before and after, and search one knowledge base; it
    stands in a network without a way to the internet. Conversations are kept per user, encrypted, and expire.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new table without the conversations.
        vpc: Network with the endpoints in `REQUIRED_ENDPOINTS` and a gateway endpoint for DynamoDB.
        subnets: Subnets of *vpc*. Default: the isolated ones.
        key: Key for the conversations; it needs `REQUIRED_KEY_USES`.
        log_key: Key for logs and settings; it needs `REQUIRED_LOG_KEY_USES`.
        model: Answers. Default: the *models* do.
        models: Models with names, in order of preference: of Amazon Bedrock, endpoints of Amazon SageMaker (the network
            needs `SAGEMAKER_ENDPOINTS`) and fleets (`FLEET_ENDPOINTS`). Default: the one of *model*.
        model_choice: Which of them is asked first. Default: in their order.
        allowed_models: Groups, or `EVERYONE`, and the names that they may use; a user whose groups are none of them
            may use none. Default: every user may use all.
        guardrail: Judges every question and every answer.
        knowledge_base: Finds passages.
        api: Gets a route for each of `ROUTES`.
        max_output_tokens: Longest answer. Default: 1,024, which the grounding check of a guardrail can still
            judge: it reads 5,000 characters.
        conversation_retention: How long an exchange is kept, in whole days. Default: 30 days.
        budget: Tokens of a day. Default: 200,000 a user.
        retrieval: What the model is given of the documents. Default: five passages.
        history_exchanges: Earlier exchanges of a conversation that the model is told. Default: 6.
        instructions: What is added to the model's instructions, at most 2,000 characters. Default: nothing.
        temperature: Randomness of an answer, 0 to 1. Default: the model's own; some models refuse the parameter.
        allowed_groups: Groups whose users may use the chat, all of its routes. Default: every signed-in user may.
        machines: Programs that may ask without a person, on the routes of their scopes. Default: none.
        link_hosts: Hosts that an answer may link to. Default: none, links are taken out.
        reserved_concurrency: Most questions answered at a time. Default: what the account has left; the API
            bounds the rate.
        log_retention: How long logs are kept. Default: one year.
        removal_policy: What happens to conversations and logs when the stack goes. Default: they are kept.

    Attributes:
        table: The conversations.
        function: The function.
        settings: What the function is told, by the name of the variable.

    Raises:
        ChatServiceError: A limit is outside what the parts allow; every fault is named.

    Example:
        chat = ChatService(self, "Chat", vpc=network.vpc, key=data_key.key, log_key=log_key.key, model=model,
                           guardrail=guardrail, knowledge_base=knowledge, api=api)
    """

    REQUIRED_ENDPOINTS = (InterfaceEndpoint.BEDROCK_RUNTIME, InterfaceEndpoint.BEDROCK_AGENT_RUNTIME)
    SAGEMAKER_ENDPOINTS = (InterfaceEndpoint.SAGEMAKER_RUNTIME,)
    FLEET_ENDPOINTS = (InterfaceEndpoint.SECRETS_MANAGER,)
    REQUIRED_KEY_USES = (KeyUse.DYNAMODB,)
    REQUIRED_LOG_KEY_USES = (KeyUse.LOGS, KeyUse.LAMBDA)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        key: kms.IKey,
        log_key: kms.IKey,
        model: IModel | None = None,
        models: Mapping[str, AnyModel] | None = None,
        model_choice: ModelChoice = ModelChoice.IN_ORDER,
        allowed_models: AllowedModels | None = None,
        guardrail: IGuardrail,
        knowledge_base: IKnowledgeBase,
        api: Api,
        max_output_tokens: int = 1024,
        conversation_retention: Duration | None = None,
        budget: TokenBudget | None = None,
        retrieval: Retrieval | None = None,
        history_exchanges: int = 6,
        instructions: str | None = None,
        temperature: float | None = None,
        allowed_groups: Sequence[cognito.IUserPoolGroup] = (),
        machines: Sequence[MachineClient] = (),
        link_hosts: Sequence[str] = (),
        reserved_concurrency: int | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        routes = ChatRoutes(model=model, named=models or {}, choice=model_choice, allowed=allowed_models)
        wishes = ChatWishes(
            routes=routes,
            max_output_tokens=max_output_tokens,
            retention=Duration.days(30) if conversation_retention is None else conversation_retention,
            budget=TokenBudget() if budget is None else budget,
            retrieval=Retrieval() if retrieval is None else retrieval,
            history_exchanges=history_exchanges,
            instructions=instructions,
            temperature=temperature,
            allowed_groups=tuple(group.group_name for group in allowed_groups),
            link_hosts=tuple(link_hosts),
            machines=tuple(machines),
        )
        if faults := wishes.faults():
            raise ChatServiceError(faults)

        self.table = conversation_table(self, "Conversations", key=key, removal_policy=removal_policy)
        self.settings = environment(
            wishes, scope=self, guardrail=guardrail, knowledge_base=knowledge_base, table=self.table, api=api
        )
        self._answers_with = (routes, guardrail, knowledge_base)
        self._function = PythonFunction(
            self,
            "Function",
            handler_folder="chat",
            description="answers questions from documents",
            key=log_key,
            log_retention=log_retention,
            environment=self.settings,
            timeout=TIMEOUT,
            in_pieces=True,
            # Memory is also processor share; below a gigabyte the first answer waits for the imports.
            memory_mib=1024,
            vpc=vpc,
            subnets=subnets,
            reserved_concurrency=reserved_concurrency,
            removal_policy=removal_policy,
        )
        self.grant_answer(self._function)
        grant_conversations(self.table, key, self._function)
        for route in ROUTES:
            api.add_route(route, self.function, in_pieces=True, scopes=scopes_of(route, machines))

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
        """Who a grant to the chat is for: the role of its function."""
        return self._function.grant_principal

    @property
    def has_named_models(self) -> bool:
        """Whether it has several models."""
        return bool(self._answers_with[0].named)

    def grant_answer(self, grantee: iam.IGrantable) -> None:
        """
        Let *grantee* search and ask the models as the chat does, under its guardrail; conversations are not included.

        Args:
            grantee: Who may.
        """
        routes, guardrail, knowledge_base = self._answers_with
        routes.grant(grantee, guardrail)
        knowledge_base.grant_retrieve(grantee)

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric that the function writes.

        Args:
            name: `Answers`, `InputTokens`, `OutputTokens`, `Usd`, `TimeToFirstWords`, `GuardrailInterventions`,
                `InstructionsWithheld`, `SanitizedAnswers`, `UncitedAnswers`, `FeedbackUp`, `FeedbackDown`, or the
                code of a refusal in camel case, such as `Throttled`, `Fallbacks` or `BreakersOpened`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            statistic=statistic,
            dimensions_map={"FunctionName": self.function.function_name},
        )

    def metric_interventions(self) -> cloudwatch.Metric:
        """Return how many answers the guardrail stopped or masked."""
        return self.metric("GuardrailInterventions")

    def metric_withheld(self) -> cloudwatch.Metric:
        """Return how many answers would have repeated the instructions."""
        return self.metric("InstructionsWithheld")

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many requests failed by a fault of ours; the function itself ends well on them."""
        return self.metric("InternalError")

    def metric_first_words(self, *, statistic: str = "p95") -> cloudwatch.Metric:
        """Return how long the first words of an answer in pieces took, in milliseconds, at the 95th percentile."""
        return self.metric("TimeToFirstWords", statistic=statistic)

    def metric_usd(self) -> cloudwatch.Metric:
        """Return what answers cost, in USD."""
        return self.metric("Usd")
