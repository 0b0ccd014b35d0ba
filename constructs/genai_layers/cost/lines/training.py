"""
Prices of what stands beside trainings while none runs; a job itself is paid by the second and stands in no template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import Charged, Item, Pricer, Unknown, UsageOnly, hourly
from genai_layers.cost.resource import Resource

_PRICED_SIZES = {"Small": "mlflow:tracking-server-small"}


def _tracking_server(server: Resource) -> Iterable[Item]:
    size = str(server.at("TrackingServerSize") or "Small")
    what = f"MLflow tracking server, {size}"
    if size not in _PRICED_SIZES:
        reason = "it is paid by the hour until somebody stops it; the catalog has a price for the small one only"
        return (Unknown(what=what, reason=reason),)
    return (hourly(what, _PRICED_SIZES[size], note="until somebody stops it"),)


# AWS What's New, December 2025, serverless MLflow: no charge of its own; artifacts are paid as objects of the bucket.
def _tracking_application(_: Resource) -> Iterable[Item]:
    return (UsageOnly(what="MLflow application: artifacts in its bucket", lines=("s3:storage",)),)


def _cluster(cluster: Resource) -> Iterable[Item]:
    for group in cluster.many("InstanceGroups"):
        kind, count, name = (group.get(each) for each in ("InstanceType", "InstanceCount", "InstanceGroupName"))
        what = f"HyperPod group {name}"
        if not isinstance(kind, str) or not isinstance(count, int):
            yield Unknown(what=what, reason="the template does not name its instance type and count")
            continue
        if "TrainingPlanArn" in group:
            yield Unknown(what=f"{what}, {count} x {kind}", reason="its training plan was paid when it was bought")
        elif count:
            note = "all day, with work or without; the price is that of hosting on the same type"
            yield hourly(f"{what}, {count} x {kind}", f"sagemaker:{kind}", count, note)
        volumes = group.get("InstanceStorageConfigs")
        for volume in volumes if isinstance(volumes, list) else []:
            size = volume.get("EbsVolumeConfig", {}).get("VolumeSizeInGB")
            if isinstance(size, int) and count:
                yield Charged(what=f"{what}, volumes", line="ebs:gp3", per_month=Decimal(size * count))


LINES: Mapping[str, Pricer] = {
    "AWS::SageMaker::Cluster": _cluster,
    "AWS::SageMaker::MlflowApp": _tracking_application,
    "AWS::SageMaker::MlflowTrackingServer": _tracking_server,
}
