"""A topic, a dashboard, and the alarms and rows that tables of what to watch make on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.operations.alarm import alarm
from genai_layers.operations.alarm_topic import alarm_topic
from genai_layers.operations.errors import MonitoringError
from genai_layers.operations.watch import Watch

Watched = TypeVar("Watched")
Thresholds = Mapping[str, float]

_WIDTH = 24
"""Columns of a dashboard (CloudWatch)."""


class Board(Construct):
    """
    Watches whatever a `Watch` describes; `Monitoring` knows the parts of this library.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new topic.
        key: Key for the messages.
        email: Who is written to; the address confirms by a link. Default: nobody.
        anomaly_detection: Whether alarms that learn what is usual are made too. Default: yes.

    Attributes:
        topic: What alarms are told to.
        dashboard: The dashboard.
        alarms: Alarms by their path within this construct.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        email: str | None = None,
        anomaly_detection: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self._learns = anomaly_detection
        self.topic = alarm_topic(self, "Topic", key=key, email=email)
        self.dashboard = cloudwatch.Dashboard(
            self, "Dashboard", default_interval=Duration.hours(12), period_override=cloudwatch.PeriodOverride.AUTO
        )
        self.alarms: dict[str, cloudwatch.AlarmBase] = {}

    def watch(
        self, watch: Watch[Watched], thing: Watched, id: str, thresholds: Thresholds | None = None
    ) -> list[cloudwatch.AlarmBase]:
        """
        Make the alarms of *watch* about *thing*, and a row of the dashboard.

        Args:
            watch: Alarms and graphs.
            thing: What they are about.
            id: Name of the part, on the dashboard and in the ids of its alarms.
            thresholds: Thresholds that differ, by the id of the alarm. Default: none does.

        Raises:
            MonitoringError: A threshold is for no alarm, or the part is watched already; all of it is listed.
        """
        given = dict(thresholds or {})
        known = [row.id for row in watch.alarms]
        faults = [
            f"threshold {name!r} is for no alarm of {id}: choose from {', '.join(known)}"
            for name in given
            if name not in known
        ]
        if self.node.try_find_child(id) is not None:
            faults.append(f"a part {id!r} is monitored already: give this one another id")
        if faults:
            raise MonitoringError(faults)
        part = Construct(self, id)
        made = {
            row.id: alarm(part, row.at(given.get(row.id)), thing, topic=self.topic)
            for row in watch.alarms
            if self._learns or not row.is_anomaly
        }
        self.alarms |= {f"{id}/{name}": one for name, one in made.items()}
        self._draw(watch, thing, id, list(made.values()))
        return list(made.values())

    def _draw(self, watch: Watch[Watched], thing: Watched, id: str, alarms: list[cloudwatch.AlarmBase]) -> None:
        title = watch.title if id == watch.title else f"{watch.title} {id}"
        graphs: list[cloudwatch.IWidget] = [
            cloudwatch.GraphWidget(
                title=graph.title,
                width=_WIDTH // len(watch.graphs),
                left=[make(thing).with_(label=label) for label, make in graph.metrics.items()],
                left_y_axis=cloudwatch.YAxisProps(label=graph.unit, min=0, show_units=False),
            )
            for graph in watch.graphs
        ]
        self.dashboard.add_widgets(cloudwatch.TextWidget(markdown=f"## {title}", width=_WIDTH, height=1))
        self.dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=alarms, width=_WIDTH, height=2))
        self.dashboard.add_widgets(*graphs)
