"""A classifier of tickets, tuned whenever somebody approves new examples."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from tickets import Tickets

from genai_layers.foundation import AccessLogBucket, EncryptionKey, Network, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.fine_tuning import FineTuningPipeline

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Tickets", env=cdk.Environment(region="eu-central-1"))

key = EncryptionKey(stack, "Key", description="data and models", uses=FineTuningPipeline.REQUIRED_KEY_USES)
log_key = EncryptionKey(stack, "LogKey", description="logs", uses=FineTuningPipeline.REQUIRED_LOG_KEY_USES)
access_logs = AccessLogBucket(stack, "AccessLogs")
network = Network(stack, "Network", flow_log_key=log_key.key, log_retention=logs.RetentionDays.ONE_YEAR)


def role(name: str, description: str) -> iam.Role:
    """A role for one job around the data; here functions take it on."""
    principal = iam.ServicePrincipal("lambda.amazonaws.com")
    return WorkloadRole(stack, name, assumed_by=principal, description=description)


reviewer = role("Reviewer", "approves tickets and models")
made = Tickets(
    stack,
    "Tickets",
    key=key.key,
    log_key=log_key.key,
    access_logs=access_logs.bucket,
    vpc=network.vpc,
    feed=role("Feed", "offers tickets"),
    reviewer=reviewer,
)
made.tuning.grant_approve(reviewer)

cdk.CfnOutput(stack, "TrainingData", value=made.data.bucket.bucket_name)
cdk.CfnOutput(stack, "StateMachine", value=made.tuning.state_machine.state_machine_arn)
synthesize(app)
