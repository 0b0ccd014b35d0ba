"""Several models: which is asked first, which next, when none is, and what the user is told of it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from botocore.stub import Stubber

from genai_layers.runtime.chat import bedrock
from genai_layers.runtime.chat.aws import Bedrock
from genai_layers.runtime.chat.errors import BusyError, NotJudgedError, NotTakenError, TooSlowError, UpstreamError
from genai_layers.runtime.chat.model import Caller
from genai_layers.runtime.chat.models import OnBedrock
from genai_layers.runtime.chat.named_models import Choice
from genai_layers.runtime.chat.router import Router
from tests.runtime.bedrock_clients import RESPONSE, Events, StreamingClient
from tests.runtime.fakes import SETTINGS, event, says
from tests.runtime.routed import Scripted, chat_with, named

REQUEST = bedrock.converse_request(SETTINGS, Caller(user="ada"), question="How much leave?", found=[])
CHEAP = {"input_usd_per_million": Decimal("0.1"), "output_usd_per_million": Decimal("0.2")}
DEAR = {"input_usd_per_million": Decimal(3), "output_usd_per_million": Decimal(15)}
STREAM = {"accept": "text/event-stream"}


class _Time:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _failed() -> UpstreamError:
    return UpstreamError("the model failed: try again")


def _busy() -> BusyError:
    return BusyError("the model is busy: try again", retry_after_seconds=3)


class _Broken:
    """A model that says some words and then fails."""

    asked = 0

    def converse(self, request: Any, seconds_left: Any, tell: Any = None) -> Any:
        self.asked += 1
        for _ in range(20):
            tell("You have twenty-eight days of leave. ")
        raise _failed()


@pytest.mark.parametrize("error", [_failed(), _busy(), TooSlowError("slow"), NotTakenError("no")])
def test_the_next_is_asked_where_one_fails(error: Exception) -> None:
    """And the answer says which it was."""
    first, second = Scripted(error), Scripted(says("28 days [1]."))
    chat = chat_with([(named("first"), first), (named("second"), second)])

    status, answer, _ = chat.ask("How much leave?")

    assert (status, answer["answer"], answer["model"]) == (200, "28 days [1].", "second")
    assert (first.asked, second.asked) == (1, 1)


def test_each_model_has_its_own_price() -> None:
    """Of the one that answered; without a price there is none."""
    chat = chat_with([(named("first", **DEAR), Scripted(_failed())), (named("second", **CHEAP), Scripted())])
    unpriced = chat_with([(named("ours"), Scripted())])

    _, answer, _ = chat.ask("How much leave?")
    _, other, _ = unpriced.ask("How much leave?")

    assert answer["usage"]["usd"] == pytest.approx((100 * 0.1 + 20 * 0.2) / 1e6)
    assert (other["usage"]["usd"], other["model"]) == (None, "ours")


def test_after_the_first_word_there_is_no_way_back() -> None:
    """The failure is told in the stream, and nobody else is asked."""
    broken, second = _Broken(), Scripted()
    chat = chat_with([(named("first"), broken), (named("second"), second)])

    status, told, _ = chat.listen(event("POST /chat", body={"question": "How much leave?"}, headers=STREAM))

    assert (status, told[0][0], told[-1][0]) == (200, "piece", "error")
    assert told[-1][1]["error"]["code"] == "model_unavailable"
    assert second.asked == 0


def test_a_stream_that_fails_before_its_first_word_comes_from_the_next() -> None:
    """Its reader notices nothing but the name."""
    chat = chat_with([(named("first"), Scripted(_busy())), (named("second"), Scripted())])
    body = {"model": "auto", "stream": True, "messages": [{"role": "user", "content": "How much leave?"}]}

    _, told, _ = chat.listen(event("POST /chat", body={"question": "How much leave?"}, headers=STREAM))
    _, chunks, _ = chat.listen(event("POST /v1/chat/completions", body=body))

    assert told[-1][1]["model"] == "second"
    assert chunks[-2][1]["model"] in ("first", "second")


def test_where_all_fail_the_last_failure_is_told() -> None:
    """And nothing is charged."""
    chat = chat_with([(named("first"), Scripted(_failed())), (named("second"), Scripted(_busy()))])

    status, answer, headers = chat.ask("How much leave?")

    assert (status, answer["error"]["code"], headers["retry-after"]) == (429, "throttled", "3")


def test_a_model_that_is_alone_is_asked_twice_unless_it_is_busy() -> None:
    """A throttle that is answered with another call at once only lasts longer."""
    failing, busy = Scripted(_failed(), says("28 days.")), Scripted(_busy())

    assert chat_with([(named("only"), failing)]).ask("q")[0] == 200
    assert chat_with([(named("only"), busy)]).ask("q")[0] == 429
    assert (failing.asked, busy.asked) == (2, 1)


@pytest.mark.parametrize("error", [NotJudgedError("no verdict"), KeyError("a mistake of ours")])
def test_another_model_is_no_way_around_the_guardrail(error: Exception) -> None:
    """Nor around a mistake of ours, which an alarm is to tell."""
    second = Scripted()
    chat = chat_with([(named("first"), Scripted(error)), (named("second"), second)])

    status, _, _ = chat.ask("q")

    assert status == (502 if isinstance(error, NotJudgedError) else 500)
    assert second.asked == 0


def _router(choice: Choice, *models: Any, **options: Any) -> Router:
    return Router(models, choice, sleep=lambda _: None, **options)


def test_a_request_that_a_model_does_not_take_says_nothing_about_the_next() -> None:
    """Else one user's long question would take the model from all."""
    picky = Scripted(*[NotTakenError("no") for _ in range(8)])
    router = _router(Choice.IN_ORDER, (named("picky"), picky), (named("good"), Scripted()))

    for _ in range(8):
        router.among(["picky", "good"]).converse(REQUEST, lambda: 200.0)

    assert picky.asked == 8


def test_a_second_try_of_a_whole_answer_must_end_in_time() -> None:
    """Whoever waits for it is given up on after half a minute."""
    time = _Time()

    class Late:
        def converse(self, request: Any, seconds_left: Any, tell: Any = None) -> Any:
            time.now += 20.0
            raise TooSlowError("slow")

    second = Scripted(says("28 days."))
    router = _router(Choice.IN_ORDER, (named("late"), Late()), (named("second"), second), now=time)
    asker = router.among(["late", "second"])

    with pytest.raises(TooSlowError):
        asker.converse(REQUEST, lambda: 200.0)
    assert asker.converse(REQUEST, lambda: 200.0, lambda _: None).model == "second"
    with pytest.raises(TooSlowError, match="too little time"):
        asker.converse(REQUEST, lambda: 20.5)


def test_a_model_of_bedrock_is_named_and_not_tried_again_by_the_border(clients: tuple[Any, Any]) -> None:
    """The request keeps its guardrail; tries are the router's to count."""
    runtime, agent_runtime = clients
    adapter = Bedrock(SETTINGS, runtime=runtime, agent_runtime=agent_runtime, sleep=lambda _: None)
    router = _router(
        Choice.IN_ORDER, (named("a"), OnBedrock(adapter, "model.a")), (named("b"), OnBedrock(adapter, "model.b"))
    )
    with Stubber(runtime) as stub:
        stub.add_client_error(
            "converse",
            "InternalServerException",
            http_status_code=500,
            expected_params={**REQUEST, "modelId": "model.a"},
        )
        stub.add_response("converse", RESPONSE, expected_params={**REQUEST, "modelId": "model.b"})
        made = router.among(["a", "b"]).converse(REQUEST, lambda: 200.0)
        stub.assert_no_pending_responses()

    assert (made.model, made.text) == ("b", "28 days [1].")
    assert REQUEST["guardrailConfig"]["guardrailIdentifier"] == SETTINGS.guardrail_id


def test_a_stream_of_bedrock_goes_through_the_router(clients: tuple[Any, Any]) -> None:
    """Judged piece by piece by the service itself."""
    streaming = StreamingClient(clients[0], Events("28 ", "days."))
    adapter = Bedrock(SETTINGS, runtime=streaming, agent_runtime=clients[1])
    told: list[str] = []

    made = (
        _router(Choice.IN_ORDER, (named("a"), OnBedrock(adapter, "model.a")))
        .among(["a"])
        .converse(REQUEST, lambda: 200.0, told.append)
    )

    assert (told, made.model) == (["28 ", "days."], "a")
    assert streaming.requests[0]["guardrailConfig"]["streamProcessingMode"] == "sync"


def test_the_log_says_which_model_answered(capsys: pytest.CaptureFixture[str]) -> None:
    """And after how many failures, by name and code."""
    chat = chat_with([(named("first"), Scripted(_busy())), (named("second"), Scripted())])

    chat.ask("How much leave?")

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (answered,) = [line for line in lines if line.get("event") == "request_answered"]
    (failed,) = [line for line in lines if line.get("event") == "model_failed"]
    assert (answered["model"], answered["fallbacks"]) == ("second", 1)
    assert (failed["model"], failed["code"]) == ("first", "throttled")
