"""Layer 2: the model, the guardrail around it and the knowledge behind it."""

from __future__ import annotations

from aws_cdk import CfnOutput
from constructs import Construct

from genai_layers.jobs import IngestionJob
from genai_layers.platform import (
    ContextualGrounding,
    DeniedTopic,
    EmbeddingModel,
    Guardrail,
    GuardrailPolicies,
    IModel,
    InvocationLogging,
    KnowledgeBase,
    TopicPolicy,
    WordPolicy,
    model_of,
)
from genai_layers.settings import Settings
from genai_layers.settings.sections import GuardrailSettings
from stacks.environment_stack import EnvironmentStack
from stacks.security_stack import SecurityStack


class PlatformStack(EnvironmentStack):
    """
    What an application needs of Amazon Bedrock.

    Attributes:
        model: Answers.
        guardrail: Stands before and behind the model.
        knowledge_base: Finds passages in the documents.
        ingestion: Reads new documents in.
        invocation_logging: Logs every invocation of a model; absent where the environment says why it has none.
    """

    def __init__(self, scope: Construct, *, settings: Settings, security: SecurityStack) -> None:
        super().__init__(scope, "Platform", settings=settings, description="Bedrock model, guardrail, knowledge base")
        wanted = settings.platform
        self.invocation_logging = None
        if wanted.invocation_logging_off_reason is None:
            self.invocation_logging = InvocationLogging(
                self,
                "InvocationLogging",
                key=security.log_key.key,
                access_logs=security.access_logs.bucket,
                adopt_reason=wanted.adopt_logging_reason,
                log_retention=self.log_retention,
                removal_policy=self.removal_policy,
            )
        self.model: IModel = model_of(self, wanted.model)
        self.guardrail = Guardrail(
            self,
            "Guardrail",
            key=security.data_key.key,
            policies=_policies(wanted.guardrail),
        )
        self.knowledge_base = KnowledgeBase(
            self,
            "Knowledge",
            key=security.data_key.key,
            embedding=EmbeddingModel.of(wanted.embedding_model, dimensions=wanted.embedding_dimensions),
            access_logs=security.access_logs.bucket,
            removal_policy=self.removal_policy,
        )
        self.ingestion = IngestionJob(
            self,
            "Ingestion",
            knowledge_base=self.knowledge_base,
            key=security.log_key.key,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        CfnOutput(self, "ModelId", value=self.model.model_id)
        CfnOutput(self, "GuardrailId", value=self.guardrail.guardrail_id)
        CfnOutput(self, "GuardrailVersion", value=self.guardrail.version)
        CfnOutput(self, "KnowledgeBaseId", value=self.knowledge_base.knowledge_base_id)
        CfnOutput(self, "DataSourceId", value=self.knowledge_base.data_source_id)
        CfnOutput(self, "DocumentBucketName", value=self.knowledge_base.documents.bucket_name)
        CfnOutput(self, "IngestionStateMachineArn", value=self.ingestion.state_machine.state_machine_arn)


def _policies(wanted: GuardrailSettings) -> GuardrailPolicies:
    topics = [
        DeniedTopic(name=topic.name, definition=topic.definition, examples=topic.examples)
        for topic in wanted.denied_topics
    ]
    return GuardrailPolicies(
        topics=TopicPolicy(topics=topics) if topics else None,
        words=WordPolicy(words=wanted.denied_words),
        grounding=ContextualGrounding(grounding=wanted.grounding_threshold, relevance=wanted.relevance_threshold),
    )
