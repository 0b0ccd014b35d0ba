"""Five applications behind one API: content, code, data, an agent that asks first, and a playground."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from leave import leave_tools

from genai_layers.application import (
    ActionAgent,
    Api,
    Assistant,
    CodeAssistance,
    ContentGeneration,
    DataInsight,
    DataTable,
    Playground,
    UserDirectory,
)
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network
from genai_layers.foundation.nag import attach_checks
from genai_layers.operations import Monitoring
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.prompts import PromptFile

HERE = Path(__file__).parent

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Applications", env=cdk.Environment(region="us-east-1"))

data_key = EncryptionKey(
    stack, "DataKey", description="guardrail, counts, results", uses=[KeyUse.GUARDRAIL, *DataInsight.REQUIRED_KEY_USES]
)
log_key = EncryptionKey(
    stack,
    "LogKey",
    description="logs and alarms",
    uses=[*Assistant.REQUIRED_LOG_KEY_USES, *Monitoring.REQUIRED_KEY_USES],
)
network = Network(stack, "Network", flow_log_key=log_key.key, log_retention=logs.RetentionDays.ONE_YEAR)
network.require(*ActionAgent.REQUIRED_ENDPOINTS, *DataInsight.REQUIRED_ENDPOINTS)
access_logs = AccessLogBucket(stack, "AccessLogs")

directory = UserDirectory(stack, "Directory")
staff = directory.add_group("staff", description="everyone who works here")
builders = directory.add_group("builders", description="who tries prompts and asks about data")
api = Api(stack, "Api", directory=directory, log_key=log_key.key)

lite = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
pro = FoundationModel.of(stack, "amazon.nova-pro-v1:0")
shared = {
    "vpc": network.vpc,
    "key": data_key.key,
    "log_key": log_key.key,
    "guardrail": Guardrail(stack, "Guardrail", key=data_key.key),
    "api": api,
}

content = ContentGeneration(
    stack,
    "Content",
    model=lite,
    templates={path.stem: PromptFile.load(path) for path in sorted((HERE / "prompts").glob("*.md"))},
    allowed_groups=[staff],
    **shared,
)
code = CodeAssistance(stack, "Code", model=pro, instructions="Python has type hints.", allowed_groups=[staff], **shared)
insight = DataInsight(
    stack,
    "Insight",
    model=pro,
    database="shop",
    tables=[
        DataTable(
            name="sales",
            about="What was sold: one row for each line of an order.",
            columns={"sold_at": "timestamp", "country": "varchar, ISO 3166", "amount": "double, in euros"},
            bucket=s3.Bucket.from_bucket_name(stack, "Lake", "example-lake"),
            prefix="shop/sales/",
        )
    ],
    access_logs=access_logs.bucket,
    allowed_groups=[builders],
    **shared,
)
agent = ActionAgent(
    stack, "Agent", model=pro, tools=leave_tools(stack, log_key.key, staff), allowed_groups=[staff], **shared
)
playground = Playground(
    stack, "Playground", models={"Nova Lite": lite, "Nova Pro": pro}, allowed_groups=[builders], **shared
)

monitoring = Monitoring(stack, "Monitoring", key=log_key.key)
monitoring.monitor_api(api)
for one in (content, code, insight, agent, playground):
    monitoring.monitor_chat(one, id=one.node.id)
    monitoring.monitor_function(one.function, id=f"{one.node.id}Function", thresholds={"Duration": 240_000})

cdk.CfnOutput(stack, "ApiUrl", value=api.url)
cdk.CfnOutput(stack, "UserPoolId", value=directory.user_pool.user_pool_id)
cdk.CfnOutput(stack, "UserPoolClientId", value=directory.client.user_pool_client_id)
app.synth()
