"""One run of an evaluation: read the golden set, ask, measure, keep the report, and say whether it is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..chat import settings
from ..chat.errors import ChatError
from ..chat.ports import Answers
from ..shared import clients
from ..shared.env import Environment
from . import report
from .asking import Asked, Asker
from .golden_set import Case, read
from .measures import judge, measure
from .verdict import Threshold, faults

AT_ONCE = 4
"""Questions asked at a time; an evaluation must not use up what people ask with."""

Clients = Callable[[str], Any]
"""Returns the client of a service."""


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """
    Return how the application did.

    Args:
        event: `golden_set` (`bucket`, `key`, `sha256`), `report` (`bucket`, `key`) and `thresholds`, from the
            state machine.
    """
    return evaluate(event, clients.client, Environment())


def evaluate(event: Mapping[str, Any], client: Clients, environment: Environment) -> dict[str, Any]:
    """
    Return how the application did: `passed`, `cases`, `measures`, what is not good enough, and the first answers
    that are wrong.

    Args:
        event: As the handler takes it.
        client: Returns clients.
        environment: Settings of the chat.
    """
    chat = settings.read(environment)
    s3, wanted = client("s3"), event["golden_set"]
    content = s3.get_object(Bucket=wanted["bucket"], Key=wanted["key"])["Body"].read()
    cases = read(content, wanted["sha256"])
    asker = Asker(
        chat,
        runtime=client("bedrock-runtime"),
        agent_runtime=client("bedrock-agent-runtime"),
        routed=_routed(chat) if chat.models else None,
    )
    with ThreadPoolExecutor(AT_ONCE) as pool:
        judged = [judge(asked) for asked in pool.map(lambda case: _asked(asker, case), cases)]
    measured = measure(judged)
    found = faults(measured, [Threshold.parse(each) for each in event["thresholds"]])
    summary = report.summary(judged, measured, found)
    kept = report.keep(s3, event["report"], report.whole(chat, wanted["sha256"], judged, summary), summary)
    report.count(kept, function_name=chat.function_name)
    return kept


def _routed(chat: settings.ChatSettings) -> Answers:
    """Return the models of a chat that has several, asked in the order that the chat asks them."""
    from ..chat.aws import Bedrock
    from ..chat.models import router

    return router(chat, Bedrock(chat)).among(chat.model_names)


def _asked(asker: Asker, case: Case) -> Asked:
    # Whoever gets no answer has failed the question; the others are asked all the same.
    try:
        return asker.ask(case)
    except clients.refusal() as error:
        return Asked(case=case, fault=str(error.response.get("Error", {}).get("Code", "ClientError")))
    except clients.failures(ChatError) as error:
        return Asked(case=case, fault=type(error).__name__)
