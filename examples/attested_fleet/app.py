"""A model whose weights open only on a machine that proves what it booted."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import AttestedFleet, HostImage, Measurement

# All five are yours: the certificate, the image that you built, what nitro-tpm-pcr-compute said of it, and who seals.
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
IMAGE = HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, cuda="13.2")
MEASUREMENT = Measurement(pcr4="0123456789abcdef" * 6)
SEALER = iam.ArnPrincipal("arn:aws:iam::111122223333:role/WeightsSealer")

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Sealed", env=cdk.Environment(account="111122223333", region="us-east-1"))

key = EncryptionKey(
    stack,
    "Key",
    description="volumes, logs, the API key and, a second time, the sealed weights",
    uses=[KeyUse.LOGS, *AttestedFleet.REQUIRED_KEY_USES],
)
access_logs = AccessLogBucket(stack, "AccessLogs")
network = Network(stack, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
network.require(*AttestedFleet.REQUIRED_ENDPOINTS)
sealed = SecureBucket(stack, "Sealed", key=key.key, access_logs=access_logs.bucket)

fleet = AttestedFleet(
    stack,
    "Fleet",
    vpc=network.vpc,
    subnets=network.isolated,
    key=key.key,
    model="llama-3.1-8b",
    sealed=sealed.bucket,
    sealed_prefix="llama-3.1-8b",
    machine_image=IMAGE,
    measurements=[MEASUREMENT],
    sealer=SEALER,
    # Raise it to 1 once the sealed weights are in the bucket.
    min_machines=0,
    certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
    domain_name="sealed.example.com",
    access_logs=access_logs.bucket,
    log_retention=logs.RetentionDays.ONE_YEAR,
)

cdk.CfnOutput(stack, "Url", value=fleet.endpoint.url)
cdk.CfnOutput(stack, "AttestedKey", value=fleet.attested_key.key_arn)
cdk.CfnOutput(stack, "SealedBucket", value=sealed.bucket.bucket_name)
app.synth()
