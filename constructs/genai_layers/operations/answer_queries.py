"""Questions to the log of a chat that no metric answers, since a person is no dimension of one."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Aws
from aws_cdk import aws_logs as logs
from constructs import Construct

_ANSWERED = 'filter event = "request_answered"'
_SPENT = "sum(usd) as spent_usd, sum(input_tokens) as tokens_read, sum(output_tokens) as tokens_written"
_PER_ANSWER = "avg(usd) as usd_per_answer, pct(usd, 95) as usd_p95, count(*) as answers"

QUERIES: Mapping[str, tuple[str, ...]] = {
    "Cost of each user": (
        f"{_ANSWERED} and ispresent(input_tokens)",
        f"stats {_SPENT}, count(*) as answers by user, tenant",
        "sort spent_usd desc, tokens_read desc",
        "limit 100",
    ),
    "Cost of each tenant": (
        f"{_ANSWERED} and ispresent(input_tokens)",
        f"stats {_SPENT}, count_distinct(user) as users by tenant",
        "sort spent_usd desc, tokens_read desc",
    ),
    "Cost of an answer": (
        f"{_ANSWERED} and ispresent(usd)",
        f"stats {_PER_ANSWER} by bin(1h)",
    ),
    "Slowest answers": (
        f"{_ANSWERED} and status = 200",
        "fields @timestamp, request_id, user, route, duration_ms, input_tokens, output_tokens, stop",
        "sort duration_ms desc",
        "limit 50",
    ),
    "What the guardrail did": (
        f"{_ANSWERED} and ispresent(interventions.0)",
        "stats count(*) as answers, count_distinct(user) as users by interventions.0, stop",
        "sort answers desc",
    ),
    "Who is refused, and why": (
        f"{_ANSWERED} and ispresent(code)",
        "stats count(*) as requests by code, status, user",
        "sort requests desc",
        "limit 100",
    ),
}
"""Queries of CloudWatch Logs Insights, by name; each line is a command."""


class AnswerQueries(Construct):
    """
    Saved queries over the log of a chat: what users and tenants cost, what was slow, stopped and refused.

    They lie in CloudWatch Logs Insights in a folder named after the stack, and cost nothing until somebody runs one
    (then what they read, by the gigabyte). A user or tenant is never a dimension of a metric: each would be a metric
    of its own, paid by the month and readable by everyone who sees the dashboard.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        log_group: Log of the chat.

    Example:
        AnswerQueries(self, "Queries", log_group=chat.function.log_group)
    """

    def __init__(self, scope: Construct, id: str, *, log_group: logs.ILogGroup) -> None:
        super().__init__(scope, id)
        for name, commands in QUERIES.items():
            logs.CfnQueryDefinition(
                self,
                "".join(word.strip(",").capitalize() for word in name.split()),
                # A slash makes a folder.
                name=f"{Aws.STACK_NAME}/{name}",
                query_string="\n| ".join(commands),
                log_group_names=[log_group.log_group_name],
            )
