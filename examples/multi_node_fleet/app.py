"""Llama 3.1 405B in 16 bits, over two machines joined by EFA, and the one role that may ask it."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference.multi_node import MultiNodeFleet

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Models", env=cdk.Environment(region="us-east-1"))

key = EncryptionKey(
    stack,
    "Key",
    description="volumes, weights, logs and the API key of the fleet",
    uses=[KeyUse.LOGS, *MultiNodeFleet.REQUIRED_KEY_USES],
)
access_logs = AccessLogBucket(stack, "AccessLogs")
# The first zone is that of the machines; `genai-layers size` and the fleet know where the type was offered.
network = Network(
    stack,
    "Network",
    flow_log_key=key.key,
    log_retention=logs.RetentionDays.ONE_YEAR,
    zone_ids=["use1-az6", "use1-az4"],
)
network.require(*MultiNodeFleet.REQUIRED_ENDPOINTS)
weights = SecureBucket(stack, "Weights", key=key.key, access_logs=access_logs.bucket)

fleet = MultiNodeFleet(
    stack,
    "Fleet",
    vpc=network.vpc,
    subnets=network.isolated,
    machine_subnet=network.vpc.isolated_subnets[0],
    zone_id="use1-az6",
    key=key.key,
    model="llama-3.1-405b",
    instance_type="p5.48xlarge",
    weights=weights.bucket,
    weights_prefix="llama-3.1-405b",
    max_model_len=16_384,
    # Raise it to 1 once the weights are in the bucket: each group is two machines.
    groups=0,
    certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
    domain_name="models.example.com",
    access_logs=access_logs.bucket,
    log_retention=logs.RetentionDays.ONE_YEAR,
)

caller = WorkloadRole(
    stack,
    "Caller",
    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    description="asks the model",
)
caller_group = ec2.SecurityGroup(stack, "CallerGroup", vpc=network.vpc, allow_all_outbound=False)
fleet.grant_invoke(caller)
fleet.connections.allow_default_port_from(caller_group)

cdk.CfnOutput(stack, "Url", value=fleet.endpoint.url)
cdk.CfnOutput(stack, "ApiKey", value=fleet.api_key.secret_arn)
cdk.CfnOutput(stack, "WeightsBucket", value=weights.bucket.bucket_name)
app.synth()
