"""An 8-billion-parameter model in pods of the vLLM production stack on Amazon EKS, and the one role that may ask it."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket, WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import ContainerImage
from genai_layers.inference.eks import Chart, Keda, KubernetesFleet, ModelCluster

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Models", env=cdk.Environment(region="us-east-1"))


def mirror(name: str) -> ecr.IRepository:
    """Return a repository of yours; README.md says what goes into each."""
    return ecr.Repository.from_repository_name(stack, name.replace("/", "-"), name)


key = EncryptionKey(
    stack,
    "Key",
    description="volumes, secrets, weights, logs and the API key of the cluster and its fleet",
    uses=[KeyUse.LOGS, *ModelCluster.REQUIRED_KEY_USES, *KubernetesFleet.REQUIRED_KEY_USES],
)
access_logs = AccessLogBucket(stack, "AccessLogs")
network = Network(stack, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
network.require(*ModelCluster.REQUIRED_ENDPOINTS)
weights = SecureBucket(stack, "Weights", key=key.key, access_logs=access_logs.bucket)

cluster = ModelCluster(
    stack,
    "Cluster",
    vpc=network.vpc,
    subnets=network.isolated,
    key=key.key,
    keda=Keda(
        chart=Chart.keda(mirror("charts/keda")),
        operator=mirror("mirror/keda"),
        metrics_server=mirror("mirror/keda-metrics-apiserver"),
    ),
    log_retention=logs.RetentionDays.ONE_YEAR,
)

fleet = KubernetesFleet(
    stack,
    "Fleet",
    cluster=cluster,
    chart=Chart.production_stack(mirror("charts/vllm-stack")),
    tools_image=ContainerImage.private(mirror("mirror/python"), "3.13.2026.11"),
    key=key.key,
    model="llama-3.1-8b",
    weights=weights.bucket,
    weights_prefix="llama-3.1-8b",
    # Raise it to 1 once the weights are in the bucket.
    min_machines=0,
    max_machines=4,
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
cdk.CfnOutput(stack, "ClusterName", value=cluster.cluster.cluster_name)
# What the engines wrote; what a deploy did is in the group beside it.
cdk.CfnOutput(stack, "Logs", value=cluster.logs.application.log_group_name)
cdk.CfnOutput(stack, "WeightsBucket", value=weights.bucket.bucket_name)
app.synth()
