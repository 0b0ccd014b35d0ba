"""The alarms that take a change back."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics


class RollbackAlarms(Construct):
    """
    Alarms on what the container fails, and on its latency where a limit is given.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        metrics: What they watch.
        latency_limit: Longest time to an answer, p99, above which a change is taken back. Default: none.

    Attributes:
        names: Their names.
        alarms: The alarms, to be listened to by more than the deployment.
    """

    def __init__(
        self, scope: Construct, id: str, *, metrics: EndpointMetrics, latency_limit: Duration | None = None
    ) -> None:
        super().__init__(scope, id)
        self.alarms = [
            cloudwatch.Alarm(
                self,
                "Errors",
                alarm_description="the container fails requests; a deployment that is under way goes back",
                metric=metrics.server_errors(),
                threshold=1,
                evaluation_periods=3,
                datapoints_to_alarm=2,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
        ]
        if latency_limit is not None:
            self.alarms.append(
                cloudwatch.Alarm(
                    self,
                    "Latency",
                    alarm_description="answers take too long; a deployment that is under way goes back",
                    metric=metrics.model_latency(),
                    # ModelLatency is counted in microseconds.
                    threshold=latency_limit.to_milliseconds() * 1000,
                    evaluation_periods=3,
                    datapoints_to_alarm=2,
                    comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
                    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                )
            )
        self.names = [alarm.alarm_name for alarm in self.alarms]
        acknowledge(
            self,
            "CloudWatchAlarmAction",
            reason="The listener of these alarms is the deployment itself, which reads their state and goes back; "
            "people listen to the alarms of the operations.",
        )
