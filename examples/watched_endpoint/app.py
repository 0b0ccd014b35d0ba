"""An endpoint that is watched for drift, with a candidate in its shadow, and Studio for those who tune the next one."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs import MonitorBaseline
from genai_layers.operations import Monitoring
from genai_layers.platform.sagemaker import Artifacts, Comparison, DataCapture, DedicatedEndpoint, Machines, engines
from genai_layers.platform.sagemaker.monitor import Drift, EndpointMonitor
from genai_layers.platform.sagemaker.studio import StudioDomain

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
stack = cdk.Stack(app, "Watched", env=cdk.Environment(region="eu-central-1"))

key = EncryptionKey(
    stack,
    "Key",
    description="models, what is asked, and notebooks",
    uses=[*DedicatedEndpoint.REQUIRED_KEY_USES, *EndpointMonitor.REQUIRED_KEY_USES, *StudioDomain.REQUIRED_KEY_USES],
)
log_key = EncryptionKey(
    stack,
    "LogKey",
    description="alarms and logs of jobs",
    uses=[*Monitoring.REQUIRED_KEY_USES, *MonitorBaseline.REQUIRED_KEY_USES, KeyUse.EVENTBRIDGE],
)
network = Network(stack, "Network", flow_log_key=log_key.key, log_retention=logs.RetentionDays.ONE_YEAR)
network.require(*StudioDomain.REQUIRED_ENDPOINTS)
access_logs = AccessLogBucket(stack, "AccessLogs").bucket
weights, captures, reports = (
    SecureBucket(stack, name, key=key.key, access_logs=access_logs).bucket
    for name in ("Weights", "Captures", "Reports")
)
monitoring = Monitoring(stack, "Monitoring", key=log_key.key)

endpoint = DedicatedEndpoint(
    stack,
    "Endpoint",
    model=engines.embeddings("bge", Artifacts.folder(weights, "bge")),
    key=key.key,
    vpc=network.vpc,
    subnets=network.isolated,
    machines=Machines(instance_types=["ml.g5.2xlarge"]),
    capture=DataCapture(bucket=captures, sampling_percent=10),
    comparison=Comparison.shadow(
        engines.embeddings("bge-tuned", Artifacts.folder(weights, "bge-tuned")),
        Machines(instance_types=["ml.g5.2xlarge"]),
        percent=20,
    ),
)
drift = EndpointMonitor(
    stack,
    "Drift",
    endpoint=endpoint,
    drift=Drift.of_data(),
    bucket=reports,
    key=key.key,
    vpc=network.vpc,
    subnets=network.isolated,
    topic=monitoring.topic,
)
baseline = MonitorBaseline(stack, "Baseline", monitor=drift, key=log_key.key)
monitoring.monitor_endpoint(endpoint, id="Serving")
if endpoint.compared is not None:
    monitoring.monitor_endpoint(endpoint.compared, id="Shadow")
monitoring.monitor_drift(drift)
monitoring.monitor_job(baseline, id="Baseline")

studio = StudioDomain(stack, "Studio", key=key.key, vpc=network.vpc, subnets=network.isolated)
analysts = studio.add_group("Analysts", ["ann", "ben"])
endpoint.grant_invoke(analysts.role)
baseline.grant_start(analysts.role)

cdk.CfnOutput(stack, "EndpointName", value=endpoint.endpoint_name)
cdk.CfnOutput(stack, "BaselineArn", value=baseline.state_machine.state_machine_arn)
synthesize(app)
