"""What the agent sends to AWS is what AWS takes, and what comes back is read as it is meant."""

from __future__ import annotations

import io
from typing import Any

import botocore.session
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from genai_layers.runtime.actions.aws import BedrockAgentModel, LambdaHands
from genai_layers.runtime.assist import asking
from genai_layers.runtime.chat.errors import TooSlowError, UpstreamError
from genai_layers.runtime.chat.model import Caller
from tests.runtime.agent_fakes import BOOK, wish
from tests.runtime.assist_fakes import LITE, SETTINGS


def _client(service: str) -> tuple[Any, Stubber]:
    client = botocore.session.Session().create_client(
        service,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    stubber = Stubber(client)
    stubber.activate()
    return client, stubber


def _request() -> dict[str, Any]:
    made = asking.request(
        SETTINGS,
        Caller(user="ada"),
        LITE.id,
        system=[{"text": "Rules."}],
        messages=[{"role": "user", "content": [asking.from_the_caller("Book me two days.")]}],
        inference={"maxTokens": 100},
    )
    return {**made, "toolConfig": {"tools": [BOOK.specification]}}


def test_a_wish_is_read_from_what_bedrock_answers() -> None:
    """The request is one that the API model takes, the tool's schema included."""
    client, stubber = _client("bedrock-runtime")
    message = {"role": "assistant", "content": [{"text": "I will."}, {"toolUse": wish("book_leave", {"days": 2})}]}
    stubber.add_response(
        "converse",
        {
            "output": {"message": message},
            "stopReason": "tool_use",
            "usage": {"inputTokens": 7, "outputTokens": 3, "totalTokens": 10},
            "metrics": {"latencyMs": 1},
        },
        _request(),
    )

    turn = BedrockAgentModel(SETTINGS, runtime=client).turn(_request(), lambda: 200.0)

    assert turn.wants == ({"toolUseId": "u1", "name": "book_leave", "input": {"days": 2}},)
    assert (turn.completion.input_tokens, turn.completion.output_tokens) == (7, 3)
    assert turn.message == message


def test_too_little_time_is_said_before_the_model_is_asked() -> None:
    """What was done stays done."""
    with pytest.raises(TooSlowError, match="what was done stays done"):
        BedrockAgentModel(SETTINGS, runtime=_client("bedrock-runtime")[0]).turn({}, lambda: 5.0)


@pytest.mark.parametrize(
    ("action", "policy", "outputs", "judged"),
    [
        ("NONE", {}, [], "call 555-1234"),
        (
            "GUARDRAIL_INTERVENED",
            {
                "sensitiveInformationPolicy": {
                    "piiEntities": [{"type": "PHONE", "match": "x", "action": "ANONYMIZED"}],
                    "regexes": [],
                }
            },
            [{"text": "call {PHONE}"}],
            "call {PHONE}",
        ),
        (
            "GUARDRAIL_INTERVENED",
            {"contentPolicy": {"filters": [{"type": "PROMPT_ATTACK", "confidence": "HIGH", "action": "BLOCKED"}]}},
            [{"text": "Sorry."}],
            None,
        ),
    ],
)
def test_a_result_passes_the_guardrail(action: str, policy: Any, outputs: list[Any], judged: str | None) -> None:
    """As it is, masked, or not at all."""
    client, stubber = _client("bedrock-runtime")
    units = ("topicPolicyUnits", "contentPolicyUnits", "wordPolicyUnits", "sensitiveInformationPolicyUnits")
    free = ("sensitiveInformationPolicyFreeUnits", "contextualGroundingPolicyUnits")
    stubber.add_response(
        "apply_guardrail",
        {"usage": dict.fromkeys((*units, *free), 0), "action": action, "outputs": outputs, "assessments": [policy]},
        {
            "guardrailIdentifier": "gr1234567890",
            "guardrailVersion": "3",
            "source": "INPUT",
            "content": [{"text": {"text": "call 555-1234", "qualifiers": ["guard_content"]}}],
        },
    )

    assert BedrockAgentModel(SETTINGS, runtime=client).judged("call 555-1234") == judged


def test_a_tool_that_fails_says_so_without_its_words() -> None:
    """The text of an exception repeats what a service was sent."""
    client, stubber = _client("lambda")
    stubber.add_response("invoke", {"Payload": _body(b'{"days":28}'), "StatusCode": 200})
    stubber.add_response(
        "invoke", {"Payload": _body(b'{"errorMessage":"password"}'), "StatusCode": 200, "FunctionError": "Unhandled"}
    )
    stubber.add_client_error("invoke", "ServiceException", http_status_code=500)
    hands = LambdaHands(lambda_client=client)

    assert hands.use(BOOK.function, {"tool": "x"}) == ('{"days":28}', True)
    assert hands.use(BOOK.function, {"tool": "x"}) == ('"the tool failed"', False)
    with pytest.raises(UpstreamError):
        hands.use(BOOK.function, {"tool": "x"})


def _body(raw: bytes) -> StreamingBody:
    return StreamingBody(io.BytesIO(raw), len(raw))
