"""What became of the runs of a monitor, told to a topic and counted."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation import ToldEvents

_VIOLATIONS, _FAILURES = "Violations", "Failures"
_DETAIL: Mapping[str, Mapping[str, object]] = {
    _VIOLATIONS: {"ExitMessage": [{"prefix": "CompletedWithViolations"}]},
    _FAILURES: {"ProcessingJobStatus": ["Failed"]},
}


class ToldRuns:
    """
    A rule for runs that found something, and one for runs that failed.

    Args:
        scope: What the rules belong to.
        schedule_name: Name of the schedule whose runs they are.
        topic: Who is told.
    """

    def __init__(self, scope: Construct, *, schedule_name: str, topic: sns.ITopic) -> None:
        arn = Stack.of(scope).format_arn(
            service="sagemaker", resource="monitoring-schedule", resource_name=schedule_name
        )
        # SageMaker writes names into ARNs in small letters.
        schedule = {"MonitoringScheduleArn": [{"equals-ignore-case": arn}]}
        self._told = ToldEvents(
            scope,
            topic=topic,
            description="a monitor of an endpoint found a difference, or failed",
            patterns={
                name: events.EventPattern(
                    source=["aws.sagemaker"],
                    detail_type=["SageMaker Processing Job State Change"],
                    detail={**schedule, **detail},
                )
                for name, detail in _DETAIL.items()
            },
        )

    def metric_violations(self) -> cloudwatch.Metric:
        """Return how many runs found a difference."""
        return self._told.metric(_VIOLATIONS)

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many runs failed."""
        return self._told.metric(_FAILURES)
