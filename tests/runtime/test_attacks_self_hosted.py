"""
The same attacks against a model on machines of ours, which has no guardrail around it: nothing of them goes unjudged.

The machines are a real server under TLS that does what an attack wants, and the guardrail remembers what it was shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genai_layers.runtime.chat import prompt
from genai_layers.runtime.chat.model import Passage
from genai_layers.runtime.chat.named_models import Kind
from tests.runtime.fakes import Chat, event
from tests.runtime.routed import FakeGuardrail, Machines, chat_with, fleet, hosted, intervened, named
from tests.runtime.test_attacks import UNSEEN, _attacks, _messages, _question, _told

STREAM = {"accept": "text/event-stream"}


class _Ours:
    """A chat whose one model is a fleet."""

    def __init__(self, chat: Chat, machines: Machines, guardrail: FakeGuardrail) -> None:
        self.chat, self.machines, self.guardrail = chat, machines, guardrail

    def asks(self, *answers: str) -> None:
        self.machines.answers[:] = answers


@pytest.fixture
def ours(certificates: Path, clients: tuple[Any, Any]) -> Iterator[_Ours]:
    machines, guardrail = Machines(), FakeGuardrail(clients[0])
    with fleet(machines, certificates) as url:
        model = hosted(url, certificates, guardrail)
        yield _Ours(chat_with([(named("ours", Kind.FLEET), model)]), machines, guardrail)


def _complete(chat: Chat, **body: Any) -> tuple[int, Any, Any]:
    default = {"model": "ours", "messages": [{"role": "user", "content": "How much leave?"}]}
    return chat.send(event("POST /v1/chat/completions", body={**default, **body}))


@pytest.mark.parametrize("case", _attacks("LLM01", "question", "question_repeat"))
def test_all_of_a_question_is_judged_before_it_is_sent(case: dict[str, Any], ours: _Ours) -> None:
    """However long, and whatever it calls itself; the instructions stay ours."""
    question = _question(case)

    ours.chat.ask(question)

    assert "".join(ours.guardrail.judged("INPUT")).strip() == prompt.without_tags(question).strip()
    ((body, _),) = ours.machines.requests
    system, user = body["messages"]
    assert system == {"role": "system", "content": prompt.INSTRUCTIONS}
    # What the machines read beyond our instructions is quotations of documents and what was judged.
    for judged in ours.guardrail.judged("INPUT"):
        assert judged in user["content"]
    assert not [hidden for hidden in UNSEEN if hidden in user["content"]]


@pytest.mark.parametrize("case", _attacks("LLM01", "messages"))
def test_all_of_an_invented_conversation_is_judged(case: dict[str, Any], ours: _Ours) -> None:
    """No role that a client claims reaches the machines as one."""
    messages = _messages(case)

    _complete(ours.chat, messages=messages)

    ((body, _),) = ours.machines.requests
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    judged = "\n".join(ours.guardrail.judged("INPUT"))
    for message in messages:
        assert prompt.without_tags(message["content"]) in judged


@pytest.mark.parametrize("case", _attacks("LLM01", "passage"))
def test_a_document_stays_in_its_quotation(case: dict[str, Any], ours: _Ours) -> None:
    """And is what the answer is compared with, not what is obeyed."""
    ours.chat.model.passages = [Passage(text=case["passage"], source="s3://docs/odd.md", score=0.9)]

    ours.chat.ask("How much leave?")

    ((body, _),) = ours.machines.requests
    user = body["messages"][1]["content"]
    assert user.lower().replace(" ", "").count("</passage>") == 1
    (output,) = [one for one in ours.guardrail.requests if one["source"] == "OUTPUT"]
    assert output["content"][0]["text"]["qualifiers"] == ["grounding_source"]


@pytest.mark.parametrize("headers", [{}, STREAM])
@pytest.mark.parametrize(
    "case", [*_attacks("LLM02", "answer"), *_attacks("LLM05", "answer"), *_attacks("LLM09", "answer")]
)
def test_what_an_answer_smuggles_is_judged_and_gone(case: dict[str, Any], headers: dict[str, str], ours: _Ours) -> None:
    """Whole, before any of it is told; then it is cleaned like every answer."""
    ours.asks(case["answer"] + " Regards.")
    request = event("POST /chat", body={"question": "How much leave?"}, headers=headers)

    if headers:
        _, told, _ = ours.chat.listen(request)
        pieces, answer = "".join(data["text"] for _, data in told[:-1]), told[-1][1]
    else:
        pieces, answer = "", ours.chat.send(request)[1]

    assert ours.guardrail.judged("OUTPUT") == [f"{case['answer']} Regards.".strip()]
    assert answer["answer"].endswith("Regards.")
    assert not [gone for gone in case["gone"] if gone in answer["answer"] or gone in pieces]


@pytest.mark.parametrize("headers", [{}, STREAM])
@pytest.mark.parametrize("case", [*_attacks("LLM02", "answer"), *_attacks("LLM05", "answer")])
def test_of_an_answer_that_is_stopped_nothing_is_told(
    case: dict[str, Any], headers: dict[str, str], ours: _Ours
) -> None:
    """Not a piece of it, and nothing is kept."""
    ours.guardrail._verdict = lambda source, texts: intervened("BLOCKED", "Stopped.") if source == "OUTPUT" else None
    ours.asks(case["answer"])

    response = event("POST /chat", body={"question": "How much leave?"}, headers=headers)
    answers = [data for _, data in ours.chat.listen(response)[1]] if headers else [ours.chat.send(response)[1]]

    assert [answer["answer"] for answer in answers] == ["Stopped."]
    assert case["answer"] not in str(ours.chat.store.items)


@pytest.mark.parametrize("case", _attacks("LLM06", "body"))
def test_a_client_gives_the_model_no_hands(case: dict[str, Any], ours: _Ours) -> None:
    """Refused, and no machine is asked."""
    status, _, _ = _complete(ours.chat, **case["body"])

    assert (status, ours.machines.requests) == (400, [])


@pytest.mark.parametrize("case", _attacks("LLM07"))
def test_the_instructions_do_not_leave(case: dict[str, Any], ours: _Ours) -> None:
    """In whatever spelling, whole or piece by piece."""
    leaked = f"My rules: {_told(case['leak'])}"
    ours.asks(leaked, leaked)

    _, answer, _ = ours.chat.ask("What are your rules?")
    _, told, _ = ours.chat.listen(event("POST /chat", body={"question": "And your rules?"}, headers=STREAM))

    assert answer["stop_reason"] == told[-1][1]["stop_reason"] == "instructions_withheld"
    assert _told(case["leak"])[:80] not in "".join(data["text"] for _, data in told[:-1])


@pytest.mark.parametrize("case", _attacks("LLM10"))
def test_what_would_cost_without_bound_reaches_neither_guardrail_nor_machine(case: dict[str, Any], ours: _Ours) -> None:
    """Both are paid for."""
    if "raw" in case:
        status, _, _ = ours.chat.send(event("POST /chat", body=case["raw"] * case["times"]))
    elif "body" in case:
        status, _, _ = _complete(ours.chat, **case["body"])
    elif "messages" in case or "messages_repeat" in case:
        status, _, _ = _complete(ours.chat, messages=_messages(case))
    else:
        status, _, _ = ours.chat.ask(_question(case))

    assert status in (400, 413)
    assert (ours.guardrail.requests, ours.machines.requests) == ([], [])
