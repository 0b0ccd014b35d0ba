"""A JumpStart model and one of our own on an endpoint that scales to zero, and a role that may ask one of them."""

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, Network, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.platform.sagemaker import (
    Artifacts,
    Copies,
    DataCapture,
    EulaAcceptance,
    Instances,
    JumpStartModel,
    Machines,
    ModelEndpoint,
    ScheduledBounds,
    admit_jumpstart,
    engines,
)

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Models", env=cdk.Environment(region="eu-central-1"))

key = EncryptionKey(stack, "Key", description="models and what is asked", uses=ModelEndpoint.REQUIRED_KEY_USES)
network = Network(stack, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
admit_jumpstart(network.s3_endpoint)
access_logs = AccessLogBucket(stack, "AccessLogs").bucket
weights = SecureBucket(stack, "Weights", key=key.key, access_logs=access_logs).bucket
captures = SecureBucket(stack, "Captures", key=key.key, access_logs=access_logs).bucket

endpoint = ModelEndpoint(
    stack,
    "Endpoint",
    key=key.key,
    vpc=network.vpc,
    subnets=network.isolated,
    machines=Machines(
        instance_types=["ml.g5.4xlarge", "ml.g6.4xlarge"],
        instances=Instances.scale_to_zero(reason="Reports are made at night and their reader can wait", maximum=3),
    ),
    capture=DataCapture(bucket=captures, sampling_percent=5),
)

# Read the licence of the model before you write your name here.
licence = EulaAcceptance(accepted_by="legal@example.com", accepted_on="2026-11-25")
assistant = endpoint.add_model(
    "Assistant",
    JumpStartModel.of(stack, "meta-textgeneration-llama-3-1-8b-instruct", eula=licence),
    latency_limit=Duration.seconds(30),
)
endpoint.add_model(
    "Writer",
    engines.vllm("writer", Artifacts.folder(weights, "writer"), max_model_len=16384),
    copies=Copies.on_concurrency(0, 2, per_copy=4).at(
        ScheduledBounds(
            name="evening", expression="cron(0 19 * * ? *)", minimum=0, maximum=0, timezone="Europe/Berlin"
        ),
        ScheduledBounds(
            name="morning", expression="cron(30 7 ? * MON-FRI *)", minimum=1, maximum=2, timezone="Europe/Berlin"
        ),
    ),
)

reporter = WorkloadRole(
    stack,
    "Reporter",
    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    description="asks the assistant for reports",
)
assistant.grant_invoke(reporter)

cdk.CfnOutput(stack, "EndpointName", value=endpoint.endpoint_name)
cdk.CfnOutput(stack, "ComponentName", value=assistant.component_name)
synthesize(app)
