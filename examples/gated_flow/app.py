"""A prompt and a flow kept as files, and a job that moves callers once the newest version has passed its test set."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.bedrock import Dataset, FlowCandidate, Judge, Promotion, Threshold
from genai_layers.operations import Monitoring
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.flows import AskPrompt, Flow, FlowAlias, load_flow
from genai_layers.platform.prompts import Prompt, PromptFile

HERE = Path(__file__).parent

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Answers", env=cdk.Environment(region="us-east-1"))
key = EncryptionKey(
    stack,
    "Key",
    description="prompts, flows and what they are judged by",
    uses=[
        *Flow.REQUIRED_KEY_USES,
        *Promotion.REQUIRED_KEY_USES,
        *Monitoring.REQUIRED_KEY_USES,
        KeyUse.GUARDRAIL,
    ],
).key
data = SecureBucket(stack, "Data", key=key, access_logs=AccessLogBucket(stack, "AccessLogs").bucket).bucket
model = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
guardrail = Guardrail(stack, "Guardrail", key=key)

prompt = Prompt(stack, "Answer", key=key, prompt=PromptFile.load(HERE / "answer.md"), model=model)
flow = Flow(
    stack,
    "Flow",
    key=key,
    definition=load_flow(HERE / "flow.toml", {"answer": AskPrompt(prompt=prompt, guardrail=guardrail)}),
)
newest: FlowAlias = flow.add_alias("Newest")
live: FlowAlias = flow.add_gated_alias("Live")

promotion = Promotion(
    stack,
    "Promotion",
    candidate=FlowCandidate(flow=flow, newest=newest, current=live),
    test_set=Dataset(bucket=data, path="questions", file="flow.jsonl"),
    # `sha256sum` of the test set that was reviewed.
    test_set_sha256="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    judge=Judge(model=FoundationModel.of(stack, "amazon.nova-pro-v1:0")),
    thresholds=[Threshold(metric="Correctness", at_least=0.8)],
    output=data,
    output_path="promotions",
    key=key,
)

caller = WorkloadRole(
    stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="runs the flow"
)
live.grant_invoke(caller)

monitoring = Monitoring(stack, "Monitoring", key=key)
monitoring.monitor_job(promotion, id="Promotion")
monitoring.monitor_guardrail(guardrail)
for number, each in enumerate(flow.models):
    monitoring.monitor_model(each, id=f"Model{number}")

cdk.CfnOutput(stack, "PromotionArn", value=promotion.state_machine.state_machine_arn)
synthesize(app)
