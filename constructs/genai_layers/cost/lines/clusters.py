"""
Prices of clusters of Kubernetes, and of the nodes that stand for what is always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genai_layers.cost.items import Item, Pricer, Unknown, UsageOnly, free, hourly
from genai_layers.cost.lines.machines import mapped
from genai_layers.cost.pods import HELM_CHART, pods_of, pool_of
from genai_layers.cost.resource import Resource


def _cluster(cluster: Resource) -> Iterable[Item]:
    never_extended = cluster.at("UpgradePolicy", "SupportType") == "STANDARD"
    note = "" if never_extended else "six times as much once the standard support of its version has ended"
    items: list[Item] = [hourly("control plane of a cluster", "eks:cluster", note=note)]
    if cluster.at("ComputeConfig", "Enabled") in (True, "true"):
        items.append(
            Unknown(
                what="Auto Mode, a share of the price of each node",
                reason="the share differs by type and the catalog has no price line for it",
            )
        )
    return items


def _release(release: Resource) -> Iterable[Item]:
    pool, count = pool_of(release), pods_of(release)
    if pool is None or not pool[0]:
        return ()
    types, volume = pool
    if count == 0:
        return (UsageOnly(what=f"no node until asked, then {types[0]}", lines=(f"ec2:{types[0]}",)),)
    of_several = f", the first of {len(types)} types" if len(types) > 1 else ""
    size = str(volume.get("size", "")).removesuffix("Gi")
    disk = {
        "VolumeType": "gp3",
        "VolumeSize": size,
        "Iops": volume.get("iops"),
        "Throughput": volume.get("throughput"),
    }
    return (
        hourly(f"{count} x {types[0]}{of_several}", f"ec2:{types[0]}", count, "on demand"),
        *(mapped([{"Ebs": disk}], count) if size.isdigit() else ()),
    )


def _addon(addon: Resource) -> Iterable[Item]:
    if addon.at("AddonName") != "amazon-cloudwatch-observability":
        return ()
    return (
        Unknown(
            what="Container Insights of the cluster",
            reason="it costs by the observation, as many as pods run, and the catalog has no price line for it",
        ),
    )


LINES: Mapping[str, Pricer] = {
    "AWS::EKS::Addon": _addon,
    "AWS::EKS::Cluster": _cluster,
    HELM_CHART: _release,
    **dict.fromkeys(
        (
            "AWS::EKS::AccessEntry",
            "AWS::EKS::PodIdentityAssociation",
        ),
        free,
    ),
}
