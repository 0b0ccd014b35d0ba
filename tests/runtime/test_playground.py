"""The playground asks one or two models the same, and tells each answer with what it took."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from genai_layers.runtime.chat.errors import BusyError
from genai_layers.runtime.chat.model import Completion
from genai_layers.runtime.playground.routes import ROUTES
from genai_layers.runtime.playground.schema import document
from tests.runtime.assist_fakes import LITE, PRO, Door, ports
from tests.runtime.fakes import FakeModel, blocked, event, says
from tests.runtime.memory_store import MemoryStore
from tests.runtime.test_chat_schema import _faults

BOTH = {"prompt": "Name a mountain railway.", "models": [LITE.id, PRO.id]}


class TwoModels:
    """Answers by the id of the model, and only when both have been asked."""

    def __init__(self, **answers: Completion | Exception) -> None:
        self._answers = answers
        self._together = threading.Barrier(2, timeout=5)
        self.requests: dict[str, Mapping[str, Any]] = {}

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Callable[[str], None] | None = None
    ) -> Completion:
        name = "lite" if request["modelId"] == LITE.id else "pro"
        self.requests[name] = request
        self._together.wait()
        answer = self._answers[name]
        if isinstance(answer, Exception):
            raise answer
        for start in range(0, len(answer.text), 7) if tell else ():
            tell(answer.text[start : start + 7])
        return answer


def _door(model: Any, **changes: Any) -> Door:
    return Door(ROUTES, ports(model, **changes))


def _play(door: Door, body: Mapping[str, Any] = BOTH, **options: Any) -> tuple[int, list[tuple[str, Any]]]:
    return door.listen(event("POST /playground", body=body, **options))


LONG = "The Gornergrat railway climbs to 3,089 metres, and the Jungfrau railway climbs higher still than that. " * 3


def test_both_models_answer_at_the_same_time_each_with_its_numbers() -> None:
    """Neither waits for the other; the barrier would break if one did."""
    door = _door(TwoModels(lite=says(LONG, tokens=(1000, 200)), pro=says("Pilatus.", tokens=(9, 3))))

    status, told = _play(door)

    answers = {data["model"]: data for name, data in told if name == "answer"}
    assert status == 200
    assert {index: data["model_id"] for index, data in answers.items()} == {0: LITE.id, 1: PRO.id}
    assert answers[0]["usage"] == {"input_tokens": 1000, "output_tokens": 200, "usd": 0.000108}
    assert answers[1]["usage"] == {"input_tokens": 9, "output_tokens": 3, "usd": None}
    assert answers[1]["text"] == "Pilatus."
    assert (answers[0]["stop_reason"], answers[0]["stopped_by_guardrail"]) == ("answered", False)
    assert 0 <= answers[0]["first_words_ms"] <= answers[0]["total_ms"]
    pieces = [data for name, data in told if name == "piece"]
    assert {data["model"] for data in pieces} == {0}
    assert answers[0]["text"].startswith("".join(data["text"] for data in pieces))


def test_everything_that_it_says_fits_what_it_says_of_itself() -> None:
    """Events and lists alike."""
    schemas = document()["components"]["schemas"]
    door = _door(TwoModels(lite=says(LONG), pro=BusyError("the model is busy", retry_after_seconds=2)))
    names = {"piece": "Piece", "answer": "Answer", "error": "Failure"}

    _, told = _play(door)
    models = door.send(event("GET /playground/models"))[1]

    assert {name for name, _ in told} == set(names)
    assert [fault for name, data in told for fault in _faults(data, schemas[names[name]])] == []
    assert _faults(models, schemas["Models"]) == []
    assert [one["id"] for one in models] == [LITE.id, PRO.id]
    assert set(document()["paths"]) == {route.split(" ")[1] for route in ROUTES}


def test_one_model_may_fail_and_the_other_one_answers() -> None:
    """Its failure says what an error says elsewhere."""
    door = _door(TwoModels(lite=ValueError("secret detail"), pro=says("Pilatus.")))

    _, told = _play(door)

    (failure,) = [data for name, data in told if name == "error"]
    assert failure["model"] == 0
    assert failure["error"]["code"] == "internal_error"
    assert "secret detail" not in str(told)
    assert [data["model"] for name, data in told if name == "answer"] == [1]


def test_all_of_the_callers_words_are_judged() -> None:
    """The system prompt is the caller's here, so it is no instruction of ours."""
    model = FakeModel(says("Yes."))
    door = _door(model)

    _play(door, {"prompt": "Hello", "system": "You are a pirate.", "models": [LITE.id], "temperature": 0.5, "top_p": 1})

    (request,) = model.requests
    assert request["system"] == [
        {"guardContent": {"text": {"text": "You are a pirate.", "qualifiers": ["guard_content"]}}}
    ]
    assert request["messages"][0]["content"] == [
        {"guardContent": {"text": {"text": "Hello", "qualifiers": ["guard_content"]}}}
    ]
    assert request["guardrailConfig"]["guardrailIdentifier"] == "gr1234567890"
    assert request["inferenceConfig"] == {"maxTokens": 512, "temperature": 0.5, "topP": 1.0}


def test_what_a_model_writes_is_cleaned_and_a_stop_is_said() -> None:
    """Pictures go, and the guardrail's words stand in place of an answer."""
    door = _door(TwoModels(lite=says("Look ![](https://evil.example/?q=1)"), pro=blocked("No.")))

    _, told = _play(door)

    answers = {data["model"]: data for name, data in told if name == "answer"}
    assert "evil.example" not in str(told)
    assert (answers[1]["text"], answers[1]["stopped_by_guardrail"]) == ("No.", True)


def test_a_mark_in_brackets_is_no_citation_here() -> None:
    """Code and formulas keep theirs."""
    _, told = _play(_door(FakeModel(says("Take row[1]."))), {"prompt": "x", "models": [LITE.id]})

    assert told[-1][1]["text"] == "Take row[1]."


def test_both_answers_are_reserved_before_either_is_asked() -> None:
    """And what is left after is what they took."""
    model = FakeModel(says("a", tokens=(100, 20)))
    door = _door(model, user_tokens_per_day=1000)

    status, told = _play(door)
    first_requests = len(model.requests)
    again, _ = _play(door, {"prompt": "x", "models": [LITE.id], "max_tokens": 400})

    assert (status, told[0][0] if told else "") == (429, "")
    assert (first_requests, again) == (0, 200)


def test_a_request_that_comes_twice_is_answered_once() -> None:
    """The second time its ends come at once, without pieces."""
    model = FakeModel(says("Rigi."), says("another"))
    door = _door(model)
    body = {"prompt": "x", "models": [LITE.id]}

    _, first = _play(door, body, headers={"Idempotency-Key": "k1"})
    _, second = _play(door, body, headers={"Idempotency-Key": "k1"})

    assert second == [one for one in first if one[0] == "answer"]
    assert len(model.requests) == 1


def test_a_request_that_nobody_answered_may_be_sent_again() -> None:
    """Nothing of it is kept and nothing charged."""
    store = MemoryStore()
    door = Door(ROUTES, ports(FakeModel(BusyError("busy", retry_after_seconds=2), says("Rigi.")), store))
    body = {"prompt": "x", "models": [LITE.id]}

    _, first = _play(door, body, headers={"Idempotency-Key": "k1"})
    _, second = _play(door, body, headers={"Idempotency-Key": "k1"})

    assert [name for name, _ in first] == ["error"]
    assert second[-1][1]["text"] == "Rigi."


def test_only_groups_that_are_named_may_try() -> None:
    """Neither run nor list."""
    door = _door(FakeModel(), allowed_groups=("tinkerers",))

    assert _play(door)[0] == 403
    assert door.send(event("GET /playground/models"))[0] == 403
    assert _play(door, groups=["tinkerers"])[0] == 200


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"models": []}, "'models' must be a list of 1 to 2 ids"),
        ({"models": [LITE.id] * 3}, "'models' must be a list of 1 to 2 ids"),
        ({"models": ["anthropic.secret-v9"]}, "'models' names one that may not be asked"),
        ({"models": [7]}, "'models' names one that may not be asked"),
        ({"prompt": ""}, "'prompt' is empty"),
        ({"prompt": "x" * 8001}, "'prompt' has 8001 characters"),
        ({"system": ["x"]}, "'system' must be a text"),
        ({"max_tokens": 1025}, "'max_tokens' must be a whole number: give 1 to 1024"),
        ({"max_tokens": True}, "'max_tokens' must be a whole number"),
        ({"temperature": 1.5}, "'temperature' must be a number: give 0 to 1"),
        ({"top_p": "1"}, "'top_p' must be a number: give 0 to 1"),
        ({"guardrailConfig": {}}, "'guardrailConfig' is not a field of a prompt"),
    ],
)
def test_what_it_does_not_offer_is_refused_with_a_status(changes: Mapping[str, Any], fault: str) -> None:
    """Before any event, and before any model is asked."""
    model = FakeModel()

    status, body, _ = _door(model).send(event("POST /playground", body={**BOTH, **changes}))

    assert status == 400
    assert any(one.startswith(fault) for one in body["error"]["faults"])
    assert model.requests == []
