"""What is watched of machines that stay for large trainings; of a training itself, what is watched of any job."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


@runtime_checkable
class IMeteredTrainingCluster(Protocol):
    """Machines that stay for trainings, whose health is told."""

    def metric_ill_nodes(self) -> cloudwatch.Metric:
        """Return how often a node was found ill."""
        ...

    def metric_failed_changes(self) -> cloudwatch.Metric:
        """Return how often a change of the cluster failed."""
        ...


TRAINING_CLUSTER: Watch[IMeteredTrainingCluster] = Watch(
    title="HyperPod",
    alarms=(
        AlarmRow(
            id="IllNodes",
            metric=lambda cluster: cluster.metric_ill_nodes(),
            threshold=0,
            means="A node of the training cluster was found ill; what ran on it stopped, or soon will.",
            do="Read reason and recommendation in the event; see with sinfo whether a replacement has come, and start "
            "what ran there again from its checkpoint.",
        ),
        AlarmRow(
            id="FailedChanges",
            metric=lambda cluster: cluster.metric_failed_changes(),
            threshold=0,
            means="A change of the training cluster failed, or is being taken back.",
            do="Read FailureMessage of the cluster: machines may be sold out, a quota used up, or the script of a node "
            "may have failed.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Nodes and changes",
            metrics={
                "ill nodes": lambda cluster: cluster.metric_ill_nodes(),
                "failed changes": lambda cluster: cluster.metric_failed_changes(),
            },
            unit="events",
        ),
    ),
)
