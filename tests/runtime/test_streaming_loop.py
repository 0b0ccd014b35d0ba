"""The process that stands in for Lambda's own loop: started by its wrapper, against a runtime API that is a server."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.lambda_environment import PACKAGE, Environment, started

HANDLER = """
import os, pathlib, time
from runtime.streaming.reply import StreamedReply

def handler(event, context):
    if event.get("raise"):
        raise ValueError("what a user wrote")
    return StreamedReply(status=201, headers={"x-a": "b"}, parts=parts(event, context))

def parts(event, context):
    yield b"first"
    while event.get("wait_for") and not pathlib.Path(event["wait_for"]).exists():
        time.sleep(0.01)
    yield b""
    if event.get("break"):
        raise OSError("what a user wrote")
    trace, left = os.environ["_X_AMZN_TRACE_ID"], context.get_remaining_time_in_millis()
    yield f"{context.aws_request_id} {trace} {left > 0}".encode()
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """A function with the handler above."""
    folder = tmp_path_factory.mktemp("task")
    (folder / "sample.py").write_text(HANDLER, encoding="utf-8")
    with started(folder, "sample.handler") as made:
        yield made


def test_a_piece_is_sent_before_the_next_is_made(environment: Environment, tmp_path: Path) -> None:
    """The first arrives while the handler still waits for what only the reader can do."""
    told = environment.send({"wait_for": str(tmp_path / "go")})
    prelude, first = told.pieces.get(timeout=10), told.pieces.get(timeout=10)

    (tmp_path / "go").touch()

    assert prelude is not None
    assert json.loads(prelude.removesuffix(b"\0" * 8)) == {"statusCode": 201, "headers": {"x-a": "b"}}
    assert first == b"first"
    assert told.body() == b"request-1 Root=1-5 True"
    assert told.path == "/2018-06-01/runtime/invocation/request-1/response"
    assert told.headers["lambda-runtime-function-response-mode"] == "streaming"
    assert told.trailers == []


def test_what_breaks_off_says_so_without_its_text(environment: Environment) -> None:
    """In the trailers; the text of an error may repeat what a user wrote."""
    told = environment.send({"break": True})

    assert told.body().endswith(b"first")
    assert told.trailers[0] == "Lambda-Runtime-Function-Error-Type: Runtime.OSError"
    assert "wrote" not in "".join(told.trailers)


def test_what_does_not_begin_is_an_error_and_the_next_event_is_answered(environment: Environment) -> None:
    """One event never ends the process."""
    failed = environment.send({"raise": True})
    body = json.loads(failed.body())
    answered = environment.send({})

    assert failed.path == "/2018-06-01/runtime/invocation/request-1/error"
    assert (body["errorType"], "wrote" in str(body)) == ("ValueError", False)
    assert b"first" in answered.body()


def test_a_handler_that_cannot_be_imported_is_told_at_the_start(tmp_path: Path) -> None:
    """Lambda shows it as a fault of the start, and tries again."""
    (tmp_path / "sample.py").write_text("raise RuntimeError('no settings')", encoding="utf-8")

    with started(tmp_path, "sample.handler") as made:
        told = made.told.get(timeout=20)

    assert told.path == "/2018-06-01/runtime/init/error"
    assert told.headers["lambda-runtime-function-error-type"] == "Runtime.RuntimeError"


def test_the_wrapper_can_be_executed() -> None:
    """Lambda runs it as it lies in the package."""
    mode = (PACKAGE / "streaming" / "start").stat().st_mode

    assert mode & stat.S_IXUSR
    assert mode & stat.S_IXOTH
