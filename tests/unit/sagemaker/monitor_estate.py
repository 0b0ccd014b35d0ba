"""An endpoint with all four monitors and their baselines, watched."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.jobs import MonitorBaseline
from genai_layers.operations import Monitoring
from genai_layers.platform.sagemaker import Artifacts, DataCapture, DedicatedEndpoint, Machines, engines
from genai_layers.platform.sagemaker.monitor import Drift, EndpointMonitor, GroundTruth, Problem

REASON = "The job asks a copy of the model through the endpoints of SageMaker in this network"


def monitors(stack: Stack) -> list[EndpointMonitor]:
    """Make an endpoint with all four monitors and their baselines, watched."""
    uses = [
        *DedicatedEndpoint.REQUIRED_KEY_USES,
        *EndpointMonitor.REQUIRED_KEY_USES,
        *MonitorBaseline.REQUIRED_KEY_USES,
        *Monitoring.REQUIRED_KEY_USES,
        KeyUse.EVENTBRIDGE,
    ]
    key = EncryptionKey(stack, "Key", description="monitors", uses=uses).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    network = Network(stack, "Network", flow_log_key=key, log_retention=logs.RetentionDays.ONE_YEAR)
    weights, captures, reports, labels = (
        SecureBucket(stack, name, key=key, access_logs=access_logs).bucket
        for name in ("Weights", "Captures", "Reports", "Labels")
    )
    monitoring = Monitoring(stack, "Monitoring", key=key)
    endpoint = DedicatedEndpoint(
        stack,
        "Endpoint",
        model=engines.vllm("llama", Artifacts.folder(weights, "llama-3.1-8b")),
        key=key,
        vpc=network.vpc,
        subnets=network.isolated,
        machines=Machines(instance_types=["ml.g6e.2xlarge"]),
        capture=DataCapture(bucket=captures, sampling_percent=20),
    )
    truth = GroundTruth(bucket=labels, delay=Duration.hours(6))
    kinds = {
        "Data": Drift.of_data(),
        "Quality": Drift.of_quality(Problem.BINARY, truth, probability="0", threshold=0.5),
        "Bias": Drift.of_bias(truth, config_key="bias.json", answer="0"),
        "Reasons": Drift.of_explanation(config_key="reasons.json", network_access_reason=REASON),
    }
    made = [
        EndpointMonitor(
            stack,
            name,
            endpoint=endpoint,
            drift=drift,
            bucket=reports,
            key=key,
            vpc=network.vpc,
            subnets=network.isolated,
            topic=monitoring.topic,
            prefix=f"drift/{name.lower()}",
            is_hourly=name == "Data",
        )
        for name, drift in kinds.items()
    ]
    for monitor in made:
        MonitorBaseline(monitor, "Baseline", monitor=monitor, key=key)
        monitoring.monitor_drift(monitor, id=monitor.node.id)
    return made
