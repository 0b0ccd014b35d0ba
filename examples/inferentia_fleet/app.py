"""An 8-billion-parameter model on Inferentia2, with the engine from a pull-through cache of one's own."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_logs as logs

from genai_layers.catalog.accelerators import Vendor
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import AcceleratorFleet, ContainerImage, VllmNeuron
from genai_layers.inference.engines.vllm_neuron import IMAGE_BY_ACCELERATOR, UPSTREAM_REPOSITORY

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Neuron", env=cdk.Environment(region="us-east-1"))

key = EncryptionKey(
    stack,
    "Key",
    description="volumes, weights, logs and the API key of the fleet",
    uses=[KeyUse.LOGS, *AcceleratorFleet.REQUIRED_KEY_USES],
)
access_logs = AccessLogBucket(stack, "AccessLogs")
network = Network(stack, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
network.require(*AcceleratorFleet.REQUIRED_ENDPOINTS)
weights = SecureBucket(stack, "Weights", key=key.key, access_logs=access_logs.bucket)

# The image is in the public gallery only, which a network without a way out does not reach.
ecr.CfnPullThroughCacheRule(
    stack, "PublicImages", ecr_repository_prefix="public", upstream_registry_url="public.ecr.aws"
)
cached = ecr.Repository.from_repository_name(stack, "Engine", f"public/{UPSTREAM_REPOSITORY}")
image = ContainerImage.private(cached, IMAGE_BY_ACCELERATOR["Inferentia2"], vendor=Vendor.NEURON)

fleet = AcceleratorFleet(
    stack,
    "Fleet",
    vpc=network.vpc,
    subnets=network.isolated,
    key=key.key,
    model="llama-3.1-8b",
    engine=VllmNeuron(image=image),
    instance_types=["inf2.8xlarge"],
    weights=weights.bucket,
    weights_prefix="llama-3.1-8b",
    # Raise it to 1 once weights and image are there.
    min_machines=0,
    certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
    domain_name="neuron.example.com",
    access_logs=access_logs.bucket,
    log_retention=logs.RetentionDays.ONE_YEAR,
)

cdk.CfnOutput(stack, "Url", value=fleet.endpoint.url)
cdk.CfnOutput(stack, "WeightsBucket", value=weights.bucket.bucket_name)
app.synth()
