"""A check by the clock for what SageMaker keeps running although nobody uses it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import Duration, Names, RemovalPolicy, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from genai_layers.catalog import prices, regions
from genai_layers.catalog.errors import UnknownPriceError
from genai_layers.foundation import KeyUse, PythonFunction
from genai_layers.foundation.nag import MINIMUM_REASON, says_why
from genai_layers.operations.errors import IdleCheckError
from genai_layers.operations.idle_permissions import permit_check

NAMESPACE = "GenAiLayers/IdleEndpoints"
"""Namespace of the metrics; the function writes there."""

_HOSTING = "sagemaker:"
_LONGEST_DAYS = 90


class IdleEndpoints(Construct):
    """
    Finds endpoints, inference components and notebooks that run unused, and tells what they cost.

    It only tells, unless there is a reason to do more: then it takes copies of idle models to zero, where their own
    scaling may go there and brings one back when somebody asks. What CloudFormation owns is never touched, so a
    stack does not drift: no instance count, no configuration, and no number of copies that nothing scales.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        topic: What is told, where anything is idle; `Monitoring.topic` fits.
        key: Key of logs, environment and failed events; it needs `REQUIRED_KEY_USES`.
        window: Time without use after which something is idle, whole days up to 90, the time that CloudTrail looks
            back. What is younger is spared. Default: 14 days.
        schedule: When it looks. Default: on Mondays at 06:00 UTC; a message that comes daily is soon not read.
        scale_in_reason: Why copies of idle models may be taken to zero; lands in the acknowledgements. Default: a
            dry run, which tells what could be scaled in.
        notebook_usd_per_hour: Prices of notebook instances by their type. Default: none, and they are told without
            a price; those of endpoints come from the catalog.
        log_retention: How long its log is kept. Default: one year.
        removal_policy: What happens to its log when the stack goes. Default: it is kept.

    Attributes:
        function: The function that looks.
        dead_letters: Queue of events whose check failed every retry.
        rule: What starts it.

    Raises:
        IdleCheckError: Something is wrong; all of it is listed.

    Example:
        check = IdleEndpoints(self, "Idle", topic=monitoring.topic, key=key.key)
        monitoring.monitor_idle_check(check)
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS, KeyUse.LAMBDA, KeyUse.SQS)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: sns.ITopic,
        key: kms.IKey,
        window: Duration | None = None,
        schedule: events.Schedule | None = None,
        scale_in_reason: str | None = None,
        notebook_usd_per_hour: Mapping[str, float] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        notebooks = dict(notebook_usd_per_hour or {})
        days = (window or Duration.days(14)).to_seconds() / 86_400
        _check(days, scale_in_reason, notebooks)
        self._name = Names.unique_resource_name(self, max_length=128, separator="-")
        self.dead_letters = self._queue(key)
        checking = PythonFunction(
            self,
            "Function",
            handler_folder="idle_endpoints",
            description="finds what SageMaker runs although nobody uses it",
            key=key,
            log_retention=log_retention,
            environment=self._environment(topic, int(days), scale_in_reason, notebooks),
            timeout=Duration.minutes(10),
            dead_letter_queue=self.dead_letters,
            removal_policy=removal_policy,
        )
        self.function: lambda_.Function = checking.function
        permit_check(checking.role, topic=topic, key=key, scale_in_reason=scale_in_reason)
        self.rule = events.Rule(
            self,
            "Rule",
            description="looks for what runs unused",
            schedule=schedule or events.Schedule.cron(week_day="MON", hour="6", minute="0"),
            targets=[targets.LambdaFunction(self.function)],
        )

    def metric(self, name: str) -> cloudwatch.Metric:
        """
        Return a figure of the last check.

        Args:
            name: `IdleEndpoints`, `IdleComponents`, `IdleNotebooks`, `IdleUsdPerMonth`, or `IdleWithoutPrice` for
                how many of them have no known price.
        """
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={"Check": self._name},
            statistic="Maximum",
            period=Duration.days(1),
        )

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many checks failed."""
        return self.function.metric_errors()

    def _environment(
        self, topic: sns.ITopic, days: int, scale_in_reason: str | None, notebooks: Mapping[str, float]
    ) -> dict[str, str]:
        region = Stack.of(self).region
        environment = {
            "CHECK_NAME": self._name,
            "TOPIC_ARN": topic.topic_arn,
            "WINDOW_DAYS": str(days),
            "USD_PER_HOUR": json.dumps(_hosting_prices(region), sort_keys=True),
            "NOTEBOOK_USD_PER_HOUR": json.dumps(notebooks, sort_keys=True),
        }
        if scale_in_reason is not None:
            environment["SCALE_IN_REASON"] = scale_in_reason
        if not Token.is_unresolved(region) and not regions.supports(region, "AWS::SageMaker::InferenceComponent"):
            environment["WITHOUT_COMPONENTS"] = "true"
        return environment

    def _queue(self, key: kms.IKey) -> sqs.Queue:
        # Lambda sends to it as the function, whose policy has the key.
        return sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )


def _hosting_prices(region: str) -> dict[str, float]:
    found: dict[str, float] = {}
    if Token.is_unresolved(region):
        return found
    for line in prices.lines():
        if line.startswith(_HOSTING):
            try:
                found[line.removeprefix(_HOSTING)] = float(prices.get(line, region).usd)
            except UnknownPriceError:
                # The catalog lacks this one there; the report then says that the price is not known.
                continue
    return found


def _check(days: float, scale_in_reason: str | None, notebooks: Mapping[str, float]) -> None:
    faults = []
    if not days.is_integer() or not 1 <= days <= _LONGEST_DAYS:
        faults.append(f"window is {days:g} days: choose 1 to {_LONGEST_DAYS} whole days")
    if scale_in_reason is not None and not says_why(scale_in_reason):
        faults.append(
            f"scale_in_reason {scale_in_reason!r} says too little: tell in at least {MINIMUM_REASON} characters why "
            "callers of an idle model can wait for its first copy"
        )
    faults += [
        f"notebook_usd_per_hour has {price} for {machine!r}: give a price above 0 for a type such as 'ml.t3.medium'"
        for machine, price in notebooks.items()
        if price <= 0 or not machine.startswith("ml.")
    ]
    if faults:
        raise IdleCheckError(faults)
