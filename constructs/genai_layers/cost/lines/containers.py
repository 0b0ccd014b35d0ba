"""
Prices of Amazon ECS: nothing for itself, since its machines are priced as machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genai_layers.cost.items import Item, Pricer, Unknown, free
from genai_layers.cost.resource import Resource


def _cluster(cluster: Resource) -> Iterable[Item]:
    watched = [item for item in cluster.many("ClusterSettings") if item.get("Value") in ("enabled", "enhanced")]
    if not watched:
        return ()
    return (
        Unknown(
            what="Container Insights of the cluster",
            reason="it costs by the metric, as many as tasks run, and the catalog has no price line for it",
        ),
    )


LINES: Mapping[str, Pricer] = {
    "AWS::ECS::Cluster": _cluster,
    **dict.fromkeys(
        (
            "AWS::ECS::CapacityProvider",
            "AWS::ECS::ClusterCapacityProviderAssociations",
            "AWS::ECS::Service",
            "AWS::ECS::TaskDefinition",
        ),
        free,
    ),
}
