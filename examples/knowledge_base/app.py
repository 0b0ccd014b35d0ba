"""Documents in a bucket, a knowledge base over them, and a role that may ask it through a guarded model."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.jobs import IngestionJob
from genai_layers.platform import (
    Chunking,
    DeniedTopic,
    FoundationModel,
    Guardrail,
    GuardrailPolicies,
    KnowledgeBase,
    TopicPolicy,
)

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Handbook", env=cdk.Environment(region="eu-central-1"))

key = EncryptionKey(
    stack,
    "Key",
    description="the handbook and what is asked of it",
    uses=[KeyUse.GUARDRAIL, *KnowledgeBase.REQUIRED_KEY_USES, *IngestionJob.REQUIRED_KEY_USES],
)
logs = AccessLogBucket(stack, "AccessLogs")

handbook = KnowledgeBase(
    stack,
    "Handbook",
    key=key.key,
    access_logs=logs.bucket,
    chunking=Chunking.hierarchical(parent_tokens=1200, child_tokens=300),
    description="The handbook for staff",
)
IngestionJob(stack, "Ingestion", knowledge_base=handbook, key=key.key)

guardrail = Guardrail(
    stack,
    "Guardrail",
    key=key.key,
    policies=GuardrailPolicies(
        topics=TopicPolicy(
            topics=[
                DeniedTopic(
                    name="Legal advice",
                    definition="Opinions on what the law allows a person to do in a case of their own.",
                    examples=["Can I sue my landlord?"],
                )
            ]
        )
    ),
)
model = FoundationModel.of(stack, "anthropic.claude-haiku-4-5-20251001-v1:0")

assistant = WorkloadRole(
    stack,
    "Assistant",
    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    description="answers questions about the handbook",
)
handbook.grant_retrieve(assistant)
model.grant_invoke(assistant, guardrail=guardrail)

cdk.CfnOutput(stack, "Documents", value=handbook.documents.bucket_name)
app.synth()
