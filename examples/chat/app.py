"""A chat over the documents of a handbook: people sign in with two factors, ask, and get answers with sources."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from genai_layers.application import Api, ChatErasure, ChatService, TokenBudget, UserDirectory
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network
from genai_layers.foundation.nag import attach_checks
from genai_layers.jobs import IngestionJob
from genai_layers.operations import Monitoring, SpendBudget
from genai_layers.platform import FoundationModel, Guardrail, KnowledgeBase

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Chat", env=cdk.Environment(region="eu-central-1"))

data_key = EncryptionKey(
    stack,
    "DataKey",
    description="documents, guardrail, conversations",
    uses=[KeyUse.GUARDRAIL, *KnowledgeBase.REQUIRED_KEY_USES, *ChatService.REQUIRED_KEY_USES],
)
log_key = EncryptionKey(
    stack,
    "LogKey",
    description="logs and alarms",
    uses=[
        *ChatService.REQUIRED_LOG_KEY_USES,
        *IngestionJob.REQUIRED_KEY_USES,
        *Monitoring.REQUIRED_KEY_USES,
        *SpendBudget.REQUIRED_KEY_USES,
    ],
)
network = Network(stack, "Network", flow_log_key=log_key.key, log_retention=logs.RetentionDays.ONE_YEAR)
network.require(*ChatService.REQUIRED_ENDPOINTS)

handbook = KnowledgeBase(stack, "Handbook", key=data_key.key, access_logs=AccessLogBucket(stack, "AccessLogs").bucket)
IngestionJob(stack, "Ingestion", knowledge_base=handbook, key=log_key.key)

directory = UserDirectory(stack, "Directory")
api = Api(stack, "Api", directory=directory, log_key=log_key.key)
chat = ChatService(
    stack,
    "Chat",
    vpc=network.vpc,
    key=data_key.key,
    log_key=log_key.key,
    model=FoundationModel.of(stack, "amazon.nova-lite-v1:0"),
    guardrail=Guardrail(stack, "Guardrail", key=data_key.key),
    knowledge_base=handbook,
    api=api,
    budget=TokenBudget(per_user=100_000),
    instructions="Address people by 'you', and name the section of the handbook where you can.",
)

ChatErasure(stack, "Erasure", chat=chat, vpc=network.vpc, key=data_key.key, log_key=log_key.key)

monitoring = Monitoring(stack, "Monitoring", key=log_key.key)
monitoring.monitor_api(api)
monitoring.monitor_chat(chat)
monitoring.monitor_function(chat.function)
SpendBudget(stack, "Budget", monthly_usd=200, topic=monitoring.topic)

cdk.CfnOutput(stack, "ApiUrl", value=api.url)
cdk.CfnOutput(stack, "UserPoolId", value=directory.user_pool.user_pool_id)
cdk.CfnOutput(stack, "UserPoolClientId", value=directory.client.user_pool_client_id)
cdk.CfnOutput(stack, "Documents", value=handbook.documents.bucket_name)
app.synth()
