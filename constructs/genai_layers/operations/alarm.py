"""One row of a table made into an alarm."""

from __future__ import annotations

from typing import TypeVar

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.operations.watch import AlarmRow

Watched = TypeVar("Watched")

_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING


def alarm(scope: Construct, row: AlarmRow[Watched], thing: Watched, *, topic: sns.ITopic) -> cloudwatch.AlarmBase:
    """
    Define the alarm of *row* on *thing*, and have it tell *topic* when it begins and when it ends.

    Args:
        scope: The construct it belongs to; the alarm is named by the id of *row* within it.
        row: What to shout about.
        thing: What is watched.
        topic: What is told.
    """
    metric = row.metric(thing).with_(period=Duration.minutes(row.minutes))
    made = (_unusual if row.is_anomaly else _above)(scope, row, metric)
    action = actions.SnsAction(topic)
    made.add_alarm_action(action)
    made.add_ok_action(action)
    return made


def _above(scope: Construct, row: AlarmRow[Watched], metric: cloudwatch.IMetric) -> cloudwatch.AlarmBase:
    return cloudwatch.Alarm(
        scope,
        row.id,
        metric=metric,
        threshold=row.threshold,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=row.periods,
        datapoints_to_alarm=row.of_them or row.periods,
        treat_missing_data=_QUIET,
        alarm_description=row.description,
    )


def _unusual(scope: Construct, row: AlarmRow[Watched], metric: cloudwatch.IMetric) -> cloudwatch.AlarmBase:
    return cloudwatch.AnomalyDetectionAlarm(
        scope,
        row.id,
        metric=metric,
        std_devs=row.threshold,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
        evaluation_periods=row.periods,
        datapoints_to_alarm=row.of_them or row.periods,
        treat_missing_data=_QUIET,
        alarm_description=row.description,
    )
