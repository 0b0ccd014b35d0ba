"""Events of a service that are told to a topic at once, and counted."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct


class ToldEvents:
    """
    A rule for each kind of event.

    Args:
        scope: What the rules belong to.
        topic: Who is told; a key of the topic needs `KeyUse.EVENTBRIDGE`.
        description: What has happened.
        patterns: Which events, by the name of their kind.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        topic: sns.ITopic,
        description: str,
        patterns: Mapping[str, events.EventPattern],
    ) -> None:
        self._rules = {
            name: events.Rule(
                scope,
                name,
                description=description,
                event_pattern=pattern,
                targets=[targets.SnsTopic(topic)],
            )
            for name, pattern in patterns.items()
        }

    def metric(self, kind: str) -> cloudwatch.Metric:
        """
        Return how many events of a kind came.

        Args:
            kind: Its name.
        """
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="MatchedEvents",
            dimensions_map={"RuleName": self._rules[kind].rule_name},
            statistic="Sum",
        )
