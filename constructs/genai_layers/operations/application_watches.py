"""What is watched of the application: API, function, table, chat."""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_

from genai_layers.operations.interfaces import IMeteredApi, IMeteredChat, IMeteredFirewall
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

API: Watch[IMeteredApi] = Watch(
    title="API",
    alarms=(
        AlarmRow(
            id="ServerErrors",
            metric=lambda api: api.metric_server_errors(),
            threshold=4,
            means="Five requests or more failed within five minutes.",
            do="Look for request_failed in the log of the function, and at the alarms of the model.",
        ),
        AlarmRow(
            id="ClientErrors",
            metric=lambda api: api.metric_client_errors(),
            threshold=200,
            means="More than 200 requests were refused within five minutes.",
            do="Group the access log by sourceIp and user: one of them is a broken client, or somebody tries tokens.",
        ),
        AlarmRow(
            id="ClientErrorsUnusual",
            metric=lambda api: api.metric_client_errors(),
            threshold=4,
            periods=3,
            is_anomaly=True,
            means="More requests are refused than is usual at this time.",
            do="Compare status and route in the access log with an hour before; a new client is a usual cause.",
        ),
        AlarmRow(
            id="Latency",
            metric=lambda api: api.metric_latency(),
            threshold=30_000,
            periods=3,
            means="One request in twenty takes longer than 30 seconds, its last piece included.",
            do="Look at the time to first words and at the model's latency; shorten answers (max_output_tokens).",
        ),
    ),
    graphs=(
        GraphRow(
            title="Requests",
            metrics={
                "all": lambda api: api.metric_requests(),
                "refused": lambda api: api.metric_client_errors(),
                "failed": lambda api: api.metric_server_errors(),
            },
            unit="requests",
        ),
        GraphRow(title="Time to answer", metrics={"p95": lambda api: api.metric_latency()}, unit="ms"),
    ),
)

FIREWALL: Watch[IMeteredFirewall] = Watch(
    title="Firewall",
    alarms=(
        AlarmRow(
            id="Refusals",
            metric=lambda firewall: firewall.metric_refused(),
            threshold=1_000,
            means="The firewall refused more than 1,000 requests within five minutes.",
            do="Group its log by terminatingRuleId and clientIp: an attack, or a client that a rule takes for one.",
        ),
    ),
    graphs=(GraphRow(title="Refused", metrics={"all": lambda firewall: firewall.metric_refused()}, unit="requests"),),
)

FUNCTION: Watch[lambda_.IFunction] = Watch(
    title="Function",
    alarms=(
        AlarmRow(
            id="Errors",
            metric=lambda function: function.metric_errors(),
            threshold=0,
            means="The function crashed or ran out of time or memory.",
            do="Look for the platform.report line with an error in its log, and at its memory and duration.",
        ),
        AlarmRow(
            id="Throttles",
            metric=lambda function: function.metric_throttles(),
            threshold=0,
            means="Calls were refused since too many ran at once.",
            do="Raise the concurrency of the account or the reservation, or lower the rate that the API lets in.",
        ),
        AlarmRow(
            id="Duration",
            metric=lambda function: function.metric_duration(statistic="p95"),
            threshold=24_000,
            periods=3,
            means="One run in twenty comes close to the time at which the function is stopped.",
            do="Look at the latency of what it calls, the model first.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Runs",
            metrics={
                "runs": lambda function: function.metric_invocations(),
                "errors": lambda function: function.metric_errors(),
                "throttles": lambda function: function.metric_throttles(),
            },
            unit="runs",
        ),
        GraphRow(
            title="Duration",
            metrics={
                "p50": lambda function: function.metric_duration(statistic="p50"),
                "p95": lambda function: function.metric_duration(statistic="p95"),
            },
            unit="ms",
        ),
    ),
)

TABLE: Watch[dynamodb.ITable] = Watch(
    title="Table",
    alarms=(
        AlarmRow(
            id="ReadThrottles",
            metric=lambda table: table.metric("ReadThrottleEvents", statistic="Sum"),
            threshold=0,
            means="Reads of the table were refused.",
            do="See whether one partition, that is one user, reads far more than others; on-demand doubles by itself.",
        ),
        AlarmRow(
            id="WriteThrottles",
            metric=lambda table: table.metric("WriteThrottleEvents", statistic="Sum"),
            threshold=0,
            means="Writes to the table were refused.",
            do="See whether one partition, that is one user or tenant, writes far more than others.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Capacity used",
            metrics={
                "read": lambda table: table.metric_consumed_read_capacity_units(),
                "written": lambda table: table.metric_consumed_write_capacity_units(),
            },
            unit="units",
        ),
    ),
)

CHAT: Watch[IMeteredChat] = Watch(
    title="Chat",
    alarms=(
        AlarmRow(
            id="InternalErrors",
            metric=lambda chat: chat.metric("InternalError"),
            threshold=0,
            means="The chat failed by a fault of its own; the caller got a request id.",
            do="Look for request_failed in its log: error_type and frames say where.",
        ),
        AlarmRow(
            id="InstructionsWithheld",
            metric=lambda chat: chat.metric("InstructionsWithheld"),
            threshold=0,
            means="An answer would have repeated the instructions of the chat.",
            do="Read user in the log line: somebody may be trying; the question itself is not kept.",
        ),
        AlarmRow(
            id="BudgetsExhausted",
            metric=lambda chat: chat.metric("TokenBudgetExhausted"),
            threshold=20,
            minutes=15,
            means="Users go on asking after their tokens of the day are used up.",
            do="Group the log by user: a program asks in a loop, or the budget is too small for the work.",
        ),
        AlarmRow(
            id="FirstWordsLate",
            metric=lambda chat: chat.metric("TimeToFirstWords", statistic="p95"),
            threshold=10_000,
            periods=3,
            means="One answer in twenty lets its reader wait for more than 10 seconds before its first words.",
            do="Look at the model's latency and at the function's cold starts; choose a faster model.",
        ),
        AlarmRow(
            id="AnswersSanitized",
            metric=lambda chat: chat.metric("SanitizedAnswers"),
            threshold=10,
            minutes=15,
            means="Links, images or hidden text were taken out of many answers.",
            do="A document may tell the model to write them: compare the citations of these answers.",
        ),
        AlarmRow(
            id="AnswersDisliked",
            metric=lambda chat: chat.metric("FeedbackDown"),
            threshold=10,
            minutes=60,
            means="People said of more than ten answers within an hour that they were of no use.",
            do="Read the latest changes of documents, model and guardrail; group the log lines of the route by user.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Answers",
            metrics={
                "answers": lambda chat: chat.metric("Answers"),
                "stopped or masked": lambda chat: chat.metric("GuardrailInterventions"),
                "without citation": lambda chat: chat.metric("UncitedAnswers"),
            },
            unit="answers",
        ),
        GraphRow(
            title="Tokens",
            metrics={
                "read": lambda chat: chat.metric("InputTokens"),
                "written": lambda chat: chat.metric("OutputTokens"),
            },
            unit="tokens",
        ),
        GraphRow(
            title="Time to first words",
            metrics={
                "p50": lambda chat: chat.metric("TimeToFirstWords", statistic="p50"),
                "p95": lambda chat: chat.metric("TimeToFirstWords", statistic="p95"),
            },
            unit="ms",
        ),
        GraphRow(
            title="Feedback",
            metrics={
                "of use": lambda chat: chat.metric("FeedbackUp"),
                "of no use": lambda chat: chat.metric("FeedbackDown"),
            },
            unit="answers",
        ),
        GraphRow(title="Cost of answers", metrics={"USD": lambda chat: chat.metric("Usd")}, unit="USD"),
    ),
)
