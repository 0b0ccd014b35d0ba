"""What is watched of CPU machines that hold an enclave."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


@runtime_checkable
class IMeteredBroker(Protocol):
    """Machines that hold an enclave."""

    def metric_machines(self) -> cloudwatch.Metric:
        """Return how many machines stand."""
        ...

    def metric_missing_machines(self) -> cloudwatch.MathExpression:
        """Return how many machines are wanted and do not stand."""
        ...

    def metric_failed_checks(self) -> cloudwatch.Metric:
        """Return 1 while a machine fails the checks of EC2."""
        ...


BROKER: Watch[IMeteredBroker] = Watch(
    title="KeyBroker",
    alarms=(
        AlarmRow(
            id="MissingMachines",
            metric=lambda broker: broker.metric_missing_machines(),
            threshold=0,
            periods=3,
            means="A machine that should hold an enclave has not stood for 15 minutes, longer than a start takes.",
            do="Look at the activity history of the group: the type may not be had, or the key of the volumes is "
            "refused; take another instance_type, or more machines.",
        ),
        AlarmRow(
            id="FailedChecks",
            metric=lambda broker: broker.metric_failed_checks(),
            threshold=0,
            periods=2,
            means="A machine with an enclave has failed the checks of EC2 for ten minutes; the group replaces it.",
            do="If one after another fails, look at the system log of the machine; the size of the enclave may leave "
            "it too little memory.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Machines with an enclave",
            metrics={"standing": lambda broker: broker.metric_machines()},
            unit="machines",
        ),
        GraphRow(
            title="Failed checks",
            metrics={"failing": lambda broker: broker.metric_failed_checks()},
            unit="machines",
        ),
    ),
)
