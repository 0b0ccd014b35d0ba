"""
Prices of watching and alarming while nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import Charged, Item, Pricer, free, used
from genai_layers.cost.resource import Resource

# CloudWatch user guide: an alarm of 10, 20 or 30 seconds is a high-resolution alarm, and costs more.
_STANDARD_SECONDS = 60


def _alarm(alarm: Resource) -> Iterable[Item]:
    queries = [item for item in alarm.many("Metrics") if isinstance(item, dict) and "MetricStat" in item]
    metrics = max(1, len(queries))
    what = "alarm" if metrics == 1 else f"alarm on {metrics} metrics"
    periods = [alarm.number("Period"), *(_period(item) for item in queries)]
    if any(period is not None and period < _STANDARD_SECONDS for period in periods):
        return (Charged(what=f"quick {what}", line="cloudwatch:alarm-high-resolution", per_month=Decimal(metrics)),)
    return (Charged(what=what, line="cloudwatch:alarm", per_month=Decimal(metrics)),)


def _period(query: Mapping[str, Mapping[str, object]]) -> Decimal | None:
    period = query["MetricStat"].get("Period")
    return Decimal(period) if isinstance(period, int) else None


def _composite(_: Resource) -> Iterable[Item]:
    return (Charged(what="composite alarm", line="cloudwatch:alarm-composite"),)


def _dashboard(_: Resource) -> Iterable[Item]:
    return (Charged(what="dashboard", line="cloudwatch:dashboard"),)


def _budget_action(_: Resource) -> Iterable[Item]:
    return (Charged(what="budget action", line="budgets:action-budget"),)


LINES: Mapping[str, Pricer] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _composite,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::Budgets::BudgetsAction": _budget_action,
    "AWS::Logs::LogGroup": used("log group", "logs:ingestion", "logs:storage"),
    "AWS::SNS::Topic": used("topic", "sns:email"),
    **dict.fromkeys(
        (
            "AWS::Budgets::Budget",
            "AWS::Logs::LogStream",
            "AWS::Logs::MetricFilter",
            "AWS::Logs::QueryDefinition",
            "AWS::Logs::ResourcePolicy",
            "AWS::Logs::SubscriptionFilter",
            "AWS::SNS::Subscription",
            "AWS::SNS::TopicPolicy",
        ),
        free,
    ),
}
