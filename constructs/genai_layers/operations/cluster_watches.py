"""What is watched of a cluster of Kubernetes that serves models; of its fleets, what is watched of any fleet."""

from __future__ import annotations

from genai_layers.operations.interfaces import IMeteredCluster
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

CLUSTER: Watch[IMeteredCluster] = Watch(
    title="Cluster",
    alarms=(
        AlarmRow(
            id="PodsWithoutNode",
            metric=lambda cluster: cluster.metric_pods_without_node(),
            threshold=0,
            periods=6,
            of_them=6,
            means="A pod has found no node for half an hour, longer than a node takes to come.",
            do="Look at the events of the node claims: a type may not be had, a quota is used up, or a key or an image "
            "is refused.",
        ),
        AlarmRow(
            id="ServerErrors",
            metric=lambda cluster: cluster.metric_server_errors(),
            threshold=50,
            periods=3,
            means="The API of the cluster has failed more than 50 calls in each of three times five minutes.",
            do="Look at the AWS Health Dashboard, and at the log of the control plane for who asks that much.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Pods without a node",
            metrics={"pods": lambda cluster: cluster.metric_pods_without_node()},
            unit="pods",
        ),
        GraphRow(
            title="Calls of the API",
            metrics={
                "calls": lambda cluster: cluster.metric_requests(),
                "failed": lambda cluster: cluster.metric_server_errors(),
            },
            unit="calls",
        ),
    ),
)
