"""Every way to name a model, a log of what they are asked, and a model of one's own: trained, judged and deployed."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.bedrock import (
    BatchInference,
    Dataset,
    Evaluation,
    FineTuning,
    Judge,
    ModelAccess,
    ModelAnswers,
    ModelCustomization,
    ModelDeployment,
    Threshold,
)
from genai_layers.operations import Monitoring
from genai_layers.platform import (
    AccountModel,
    ApplicationInferenceProfile,
    EnforcedGuardrail,
    FoundationModel,
    Guardrail,
    InferenceProfile,
    InvocationLogging,
    PromptRouter,
)

NOVA, PRO = "amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"
# Throughput that was bought in the account; put your own here.
BOUGHT = "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefghijkl"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Models", env=cdk.Environment(account="111122223333", region="us-east-1"))
uses = [*ModelCustomization.REQUIRED_KEY_USES, *InvocationLogging.REQUIRED_KEY_USES, *Monitoring.REQUIRED_KEY_USES]
key = EncryptionKey(stack, "Key", description="models and their logs", uses=[*uses, KeyUse.GUARDRAIL]).key
access_logs = AccessLogBucket(stack, "AccessLogs").bucket
data = SecureBucket(stack, "Data", key=key, access_logs=access_logs).bucket

logging = InvocationLogging(stack, "Logging", key=key, access_logs=access_logs)
guardrail = Guardrail(stack, "Guardrail", key=key)
EnforcedGuardrail(stack, "EveryCaller", guardrail=guardrail)

nova = FoundationModel.of(stack, NOVA)
anywhere = InferenceProfile.geographic(stack, NOVA)
billed = ApplicationInferenceProfile(stack, "Support", source=anywhere, cost_tags={"team": "support"})
router = PromptRouter(
    stack,
    "Router",
    models=[InferenceProfile.geographic(stack, NOVA), InferenceProfile.geographic(stack, PRO)],
    fallback=InferenceProfile.geographic(stack, PRO),
)
bought = AccountModel.provisioned(stack, BOUGHT)
caller = WorkloadRole(
    stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="asks models"
)
for model in (billed, router, bought):
    model.grant_invoke(caller, guardrail=guardrail)

access = ModelAccess(stack, "Access", models=[NOVA, PRO], key=key)
tuning = ModelCustomization(
    stack,
    "Tuning",
    base_model=nova,
    customization=FineTuning(hyper_parameters={"epochCount": "2"}),
    training=Dataset(bucket=data, path="training", file="records.jsonl"),
    output=data,
    output_path="tuned",
    key=key,
)
deployment = ModelDeployment(stack, "Deployment", newest=tuning.newest, key=key)
deployment.alias.grant_read(caller)
deployment.grant_invoke(caller, guardrail_arn=guardrail.guardrail_arn)
quality = Evaluation(
    stack,
    "Quality",
    subject=ModelAnswers(model=nova),
    evaluator=Judge(model=FoundationModel.of(stack, PRO)),
    dataset=Dataset(bucket=data, path="questions", file="questions.jsonl"),
    thresholds=[Threshold(metric="Correctness", at_least=0.8)],
    output=data,
    output_path="marks",
    key=key,
)
batch = BatchInference(
    stack,
    "Batch",
    model=nova,
    records=Dataset(bucket=data, path="records", file="tickets.jsonl"),
    output=data,
    output_path="answers",
    key=key,
    is_converse=True,
)

monitoring = Monitoring(stack, "Monitoring", key=key)
monitoring.monitor_logging(logging)
monitoring.monitor_guardrail(guardrail)
for name, part in {"Nova": nova, "Support": billed, "Router": router, "Bought": bought}.items():
    monitoring.monitor_model(part, id=name)
for name, job in {
    "Access": access,
    "Tuning": tuning,
    "Deployment": deployment,
    "Quality": quality,
    "Batch": batch,
}.items():
    monitoring.monitor_job(job, id=name)

cdk.CfnOutput(stack, "TuningArn", value=tuning.state_machine.state_machine_arn)
synthesize(app)
