"""What the constructs deploy comes up: each application is put before AWS, and a model's refusal is the caller's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest
from botocore.exceptions import ClientError

from genai_layers.runtime.actions.ports import AgentPorts, AgentSettings
from genai_layers.runtime.actions.wiring import wire as wire_agent
from genai_layers.runtime.assist.asking import Ports
from genai_layers.runtime.assist.settings import read
from genai_layers.runtime.assist.wiring import ChosenModel, wire
from genai_layers.runtime.chat.errors import BadRequestError
from genai_layers.runtime.insight.ports import InsightPorts, InsightSettings
from genai_layers.runtime.insight.wiring import wire as wire_insight
from genai_layers.runtime.shared.env import Environment, MissingSettingError
from tests.runtime.assist_fakes import SETTINGS

COMMON: Mapping[str, Any] = {one.name: getattr(SETTINGS, one.name) for one in fields(SETTINGS)}


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def test_every_application_comes_up() -> None:
    """With clients of AWS that are asked nothing yet."""
    assert isinstance(wire(SETTINGS), Ports)
    assert isinstance(wire_agent(AgentSettings(**COMMON)), AgentPorts)
    insight = InsightSettings(**COMMON, database="shop", workgroup="w", tables=())
    assert isinstance(wire_insight(insight), InsightPorts)


class _Refusing:
    """A model that takes no temperature, or an account that may not."""

    def __init__(self, code: str) -> None:
        self._code = code

    def converse(self, *_: Any) -> Any:
        raise ClientError({"Error": {"Code": self._code, "Message": "secret"}}, "Converse")


def test_parameters_that_a_model_does_not_take_are_a_bad_request() -> None:
    """And say what to leave out; what only we can have caused stays ours."""
    with pytest.raises(BadRequestError, match="leave 'temperature' or 'top_p' out") as caught:
        ChosenModel(_Refusing("ValidationException")).converse({}, lambda: 1.0)  # type: ignore[arg-type]
    with pytest.raises(ClientError):
        ChosenModel(_Refusing("AccessDeniedException")).converse({}, lambda: 1.0)  # type: ignore[arg-type]

    assert "secret" not in str(caught.value)


def test_every_missing_setting_is_named() -> None:
    """At once."""
    with pytest.raises(MissingSettingError) as caught:
        read(Environment({}))

    for name in ("MODELS", "GUARDRAIL_ID", "GUARDRAIL_VERSION", "TABLE_NAME", "ALLOWED_CLIENTS"):
        assert name in str(caught.value)
