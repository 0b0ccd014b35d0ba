"""What the example's client does while a model wakes up."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

FILE = Path(__file__).resolve().parents[3] / "examples" / "sagemaker_endpoint" / "ask.py"
ASLEEP = "Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress"


@pytest.fixture
def ask() -> ModuleType:
    """Return the client as a module."""
    spec = importlib.util.spec_from_file_location("ask", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Runtime:
    """A runtime that fails some times, and then answers."""

    def __init__(self, failures: int, code: str = "ValidationError", message: str = ASLEEP) -> None:
        self.failures, self.code, self.message, self.asked = failures, code, message, 0

    def invoke_endpoint(self, **_: Any) -> dict[str, Any]:
        """Answer, or raise."""
        self.asked += 1
        if self.asked <= self.failures:
            raise ClientError({"Error": {"Code": self.code, "Message": self.message}}, "InvokeEndpoint")
        return {"Body": io.BytesIO(b"an answer")}


def test_a_client_waits_for_a_model_that_is_asleep(
    ask: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pauses double up to a minute, and the person who waits is told."""
    pauses: list[int] = []
    monkeypatch.setattr(ask.time, "sleep", pauses.append)

    answer = ask.ask(Runtime(failures=5), "endpoint", "component", "why?")

    assert answer == "an answer"
    assert pauses == [5, 10, 20, 40, 60]
    assert "the model is being started" in capsys.readouterr().err


def test_a_client_gives_up_after_a_quarter_of_an_hour(ask: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then machines are sold out, and waiting does not help."""
    monkeypatch.setattr(ask.time, "sleep", lambda _: None)

    with pytest.raises(TimeoutError, match="component did not wake up in 15 minutes"):
        ask.ask(Runtime(failures=100), "endpoint", "component", "why?")


@pytest.mark.parametrize(
    ("code", "message"), [("ModelError", "CUDA out of memory"), ("ValidationError", "Variant not found")]
)
def test_a_client_does_not_wait_for_what_will_not_pass(ask: ModuleType, code: str, message: str) -> None:
    """Other errors are the caller's to see at once."""
    runtime = Runtime(failures=1, code=code, message=message)

    with pytest.raises(ClientError, match=message):
        ask.ask(runtime, "endpoint", "component", "why?")
    assert runtime.asked == 1
