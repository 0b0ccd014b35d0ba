"""A classifier of tickets, tuned whenever somebody approves new examples."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, Network, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.fine_tuning import (
    BaseModel,
    DataRules,
    Evaluator,
    FineTuningPipeline,
    JobContainer,
    JobImage,
    Machines,
    ModelCardFacts,
    Risk,
    Standard,
    TrainingDataBucket,
    TuningMethod,
)

HERE = Path(__file__).resolve().parent

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Tickets", env=cdk.Environment(region="eu-central-1"))

key = EncryptionKey(stack, "Key", description="data and models", uses=FineTuningPipeline.REQUIRED_KEY_USES)
log_key = EncryptionKey(stack, "LogKey", description="logs", uses=FineTuningPipeline.REQUIRED_LOG_KEY_USES)
access_logs = AccessLogBucket(stack, "AccessLogs")
network = Network(stack, "Network", flow_log_key=log_key.key, log_retention=logs.RetentionDays.ONE_YEAR)
weights = SecureBucket(stack, "Weights", key=key.key, access_logs=access_logs.bucket)


def role(name: str, description: str) -> iam.Role:
    """A role for one job around the data; here functions take it on."""
    principal = iam.ServicePrincipal("lambda.amazonaws.com")
    return WorkloadRole(stack, name, assumed_by=principal, description=description)


feed, reviewer = role("Feed", "offers tickets"), role("Reviewer", "approves tickets and models")
data = TrainingDataBucket(
    stack, "Data", key=key.key, access_logs=access_logs.bucket, ingest=[feed], approvers=[reviewer]
)
tuning = FineTuningPipeline(
    stack,
    "Tuning",
    key=key.key,
    log_key=log_key.key,
    access_logs=access_logs.bucket,
    base_model=BaseModel.in_bucket(weights.bucket, "word-counts", identity="word counts, version 1"),
    training_data=data,
    data_rules=DataRules(min_train_records=30, min_held_out_records=9),
    vpc=network.vpc,
    trainer=JobContainer(image=JobImage.cpu(), code=str(HERE / "trainer")),
    machines=Machines.on_demand("ml.m7i.large", max_runtime=Duration.hours(1), volume_gib=30),
    method=TuningMethod.full(epochs=2),
    evaluator=Evaluator.processing(
        JobContainer(image=JobImage.cpu(), code=str(HERE / "evaluator")),
        "ml.m5.large",
        standards=[Standard(metric="accuracy", least=0.8, tolerance=0.0)],
        volume_gib=30,
    ),
    card=ModelCardFacts(
        creator="support tooling",
        purpose="sends tickets to a queue",
        uses="a first guess that a person can change; not for priorities",
        limits="knows three queues and English only",
        risk=Risk.LOW,
        risk_reason="a wrong queue costs minutes",
    ),
)
tuning.grant_approve(reviewer)

cdk.CfnOutput(stack, "TrainingData", value=data.bucket.bucket_name)
cdk.CfnOutput(stack, "StateMachine", value=tuning.state_machine.state_machine_arn)
synthesize(app)
