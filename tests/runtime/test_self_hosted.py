"""Models on machines of ours: nothing goes in or comes out unjudged, over a real border under TLS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from genai_layers.runtime.chat import bedrock, judge, prompt
from genai_layers.runtime.chat.errors import (
    NotJudgedError,
)
from genai_layers.runtime.chat.judge import Judge
from genai_layers.runtime.chat.model import Caller, Exchange, Passage, Stop, Usage
from tests.runtime.fakes import SETTINGS
from tests.runtime.routed import (
    FakeGuardrail,
    Machines,
    fleet,
    hosted,
    intervened,
)

FOUND = [Passage(text="Leave is 28 days.", source="s3://docs/leave.md", score=0.9)]
REQUEST = bedrock.converse_request(SETTINGS, Caller(user="ada"), question="How much leave has Ada?", found=FOUND)


def test_judges_asks_and_judges_again(certificates: Path, guardrail: FakeGuardrail) -> None:
    """In that order, with the answer compared to its sources."""
    machines = Machines("You have 28 days [1].")
    with fleet(machines, certificates) as url:
        answer = hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0)

    assert (answer.text, answer.stop) == ("You have 28 days [1].", Stop.ANSWERED)
    assert (answer.input_tokens, answer.output_tokens) == (100, 20)
    asked, told = guardrail.requests
    assert (asked["source"], asked["content"]) == ("INPUT", [{"text": {"text": "How much leave has Ada?"}}])
    assert (told["source"], [block["text"]["qualifiers"] for block in told["content"]]) == (
        "OUTPUT",
        [["grounding_source"], ["query"], ["guard_content"]],
    )
    assert told["guardrailVersion"] == SETTINGS.guardrail_version
    ((body, headers),) = machines.requests
    assert body["model"] == "llama"
    assert body["messages"][0] == {"role": "system", "content": prompt.INSTRUCTIONS}
    assert body["messages"][1]["content"].endswith("How much leave has Ada?")
    assert "Leave is 28 days." in body["messages"][1]["content"]
    assert headers["authorization"] == "Bearer k3y"


def test_a_stream_is_told_when_all_of_it_is_judged(certificates: Path, guardrail: FakeGuardrail) -> None:
    """No word of it before, however many pieces it came in."""
    order: list[str] = []
    guardrail._verdict = lambda source, texts: order.append(source)
    with fleet(Machines("You have 28 days [1]."), certificates) as url:
        answer = hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0, lambda text: order.append(text))

    assert order == ["INPUT", "OUTPUT", "You have 28 days [1]."]
    assert (answer.input_tokens, answer.output_tokens) == (100, 20)


def test_a_question_that_is_stopped_reaches_no_machine(certificates: Path, guardrail: FakeGuardrail) -> None:
    """The message of the guardrail is the answer."""
    guardrail._verdict = lambda source, texts: intervened("BLOCKED", "Not here.")
    machines = Machines()
    with fleet(machines, certificates) as url:
        answer = hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0)

    assert (answer.text, answer.stop, answer.input_tokens) == ("Not here.", Stop.GUARDRAIL, 0)
    assert answer.interventions == ("sensitiveInformationPolicy:BLOCKED",)
    assert machines.requests == []


def test_an_answer_that_is_stopped_is_not_told(certificates: Path, guardrail: FakeGuardrail) -> None:
    """And is paid for, since the model wrote it."""
    guardrail._verdict = lambda source, texts: intervened("BLOCKED", "Not so.") if source == "OUTPUT" else None
    told: list[str] = []
    with fleet(Machines("Ada's key is 1234."), certificates) as url:
        answer = hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0, told.append)

    assert (answer.text, answer.stop, answer.output_tokens) == ("Not so.", Stop.GUARDRAIL, 20)
    assert told == []


def _masks(source: str, texts: list[str]) -> dict[str, Any] | None:
    if not any("Ada" in text for text in texts):
        return None
    return intervened("ANONYMIZED", *[text.replace("Ada", "{NAME}") for text in texts if "Ada" in text])


def test_what_is_masked_replaces_what_was_said(certificates: Path, guardrail: FakeGuardrail) -> None:
    """In the question before the machines see it, in the answer before anybody does; beside sources, too."""
    guardrail._verdict = _masks
    machines, told = Machines("Ada has 28 days."), []
    with fleet(machines, certificates) as url:
        answer = hosted(url, certificates, guardrail).converse(REQUEST, lambda: 60.0, told.append)

    assert answer.text == "{NAME} has 28 days."
    assert told == ["{NAME} has 28 days."]
    assert answer.stop is Stop.ANSWERED
    assert "Ada" not in json.dumps(machines.requests[0][0])
    assert answer.interventions == ("sensitiveInformationPolicy:ANONYMIZED",)


def test_several_texts_are_masked_each_by_itself(guardrail: FakeGuardrail) -> None:
    """Which output belongs to which text is not documented."""
    guardrail._verdict = _masks

    verdict = Judge(SETTINGS, guardrail).question(["Ada asks", "how much", "for Ada"])

    assert verdict.texts == ("{NAME} asks", "how much", "for {NAME}")


def test_a_long_text_is_judged_whole_in_several_calls(guardrail: FakeGuardrail) -> None:
    """Nothing of it is left out, and it comes back as it was."""
    text = "x" * (judge.CALL_CHARACTERS * 2 + 5)

    verdict = Judge(SETTINGS, guardrail).question([text, "short"])

    assert verdict.texts == (text, "short")
    assert "".join(guardrail.judged("INPUT")) == text + "short"


@pytest.mark.parametrize(
    "response",
    [
        {"action": "GUARDRAIL_INTERVENED", "outputs": [{"text": "x"}], "assessments": []},
        {**intervened("ANONYMIZED"), "outputs": []},
    ],
)
def test_a_verdict_that_is_not_clear_stops(guardrail: FakeGuardrail, response: dict[str, Any]) -> None:
    """The safe reading."""
    guardrail._verdict = lambda source, texts: response

    assert Judge(SETTINGS, guardrail).answer("words").is_stopped


def test_without_a_verdict_nothing_is_answered(certificates: Path, clients: tuple[Any, Any]) -> None:
    """A guardrail that fails twice fails the question, and no machine is asked."""
    runtime, _ = clients
    machines = Machines()
    with Stubber(runtime) as stub, fleet(machines, certificates) as url:
        for _ in range(2):
            stub.add_client_error("apply_guardrail", "ThrottlingException", http_status_code=429)
        with pytest.raises(NotJudgedError):
            hosted(url, certificates, runtime).converse(REQUEST, lambda: 60.0)  # type: ignore[arg-type]

    assert machines.requests == []


def test_marks_are_judged_and_our_own_history_is_not_again(certificates: Path, guardrail: FakeGuardrail) -> None:
    """As in a request of Converse; without marks all that is said is judged."""
    usage = Usage(input_tokens=1, output_tokens=1, usd=None)
    past = Exchange(at_ms=1, question="Who?", answer="Nobody.", citations=(), usage=usage, is_stopped=False)
    request = bedrock.converse_request(
        SETTINGS, Caller(user="ada"), question="And now?", found=[], history=[past], earlier="user: before"
    )
    plain = {**request, "messages": [{"role": "user", "content": [{"text": "all of it"}]}]}
    with fleet(Machines(), certificates) as url:
        model = hosted(url, certificates, guardrail)
        model.converse(request, lambda: 60.0)
        model.converse(plain, lambda: 60.0)

    assert guardrail.judged("INPUT") == ["<earlier>\nuser: before\n</earlier>", "And now?", "all of it"]
