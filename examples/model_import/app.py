"""Weights in a bucket of ours, imported on request, evaluated, and used by whoever reads the alias."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.bedrock import Dataset, Evaluation, GivenAnswers, Judge, ModelImport, SmokeTest, Threshold
from genai_layers.operations import Monitoring
from genai_layers.platform import FoundationModel, Guardrail

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "SupportModel", env=cdk.Environment(region="us-east-1"))

key = EncryptionKey(
    stack,
    "Key",
    description="weights of the support model and what it is judged by",
    uses=[*ModelImport.REQUIRED_KEY_USES, *Monitoring.REQUIRED_KEY_USES, KeyUse.GUARDRAIL],
)
logs = AccessLogBucket(stack, "AccessLogs")
data = SecureBucket(stack, "Data", key=key.key, access_logs=logs.bucket)

job = ModelImport(
    stack,
    "Import",
    weights=data.bucket,
    path="models",
    key=key.key,
    name="support",
    smoke_test=SmokeTest(body={"prompt": "Which country is Paris the capital of?", "max_tokens": 16}, expect="France"),
)
quality = Evaluation(
    stack,
    "Quality",
    subject=GivenAnswers(source="support"),
    evaluator=Judge(model=FoundationModel.of(stack, "amazon.nova-pro-v1:0")),
    dataset=Dataset(bucket=data.bucket, path="evaluation", file="answers.jsonl"),
    thresholds=[Threshold(metric="Correctness", at_least=0.8), Threshold(metric="Harmfulness", at_most=0.05)],
    output=data.bucket,
    output_path="marks",
    key=key.key,
)
monitoring = Monitoring(stack, "Monitoring", key=key.key)
monitoring.monitor_job(job, id="Import")
monitoring.monitor_job(quality, id="Quality")

guardrail = Guardrail(stack, "Guardrail", key=key.key)
chat = WorkloadRole(
    stack,
    "Chat",
    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    description="answers customers with the model that is current",
)
job.alias.grant_read(chat)
job.grant_invoke(chat, guardrail_arn=guardrail.guardrail_arn)
guardrail.grant_apply(chat)
cdk.CfnOutput(stack, "Bucket", value=data.bucket.bucket_name)
cdk.CfnOutput(stack, "ImportArn", value=job.state_machine.state_machine_arn)
cdk.CfnOutput(stack, "Alias", value=job.alias.name)
synthesize(app)
