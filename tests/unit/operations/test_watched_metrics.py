"""What is watched is what is written."""

from __future__ import annotations

import json
from typing import ClassVar

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.application_watches import CHAT

pytestmark = pytest.mark.synth


def test_the_chat_writes_every_metric_that_is_watched(capsys: pytest.CaptureFixture[str]) -> None:
    """An alarm on a metric that nobody writes is always quiet."""
    from genai_layers.runtime.chat import errors, metrics
    from tests.runtime.fakes import Chat, FakeModel, event, says

    class Recorder:
        names: ClassVar[set[str]] = set()

        def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
            self.names.add(name)
            return cloudwatch.Metric(namespace="x", metric_name=name)

    for row in CHAT.alarms:
        row.metric(Recorder())
    for graph in CHAT.graphs:
        for make in graph.metrics.values():
            make(Recorder())
    chat = Chat()
    _, answer, _ = chat.ask("How much leave?")
    for rating in ("up", "down"):
        body, path = {"at": answer["at"], "rating": rating}, {"id": answer["conversation_id"]}
        chat.send(event("POST /conversations/{id}/feedback", body=body, path=path))
    told = Chat(FakeModel(says("You have twenty-eight days of leave a year. " * 9)))
    told.listen(event("POST /chat", body={"question": "q"}, headers={"accept": "text/event-stream"}))
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.ChatError):
            metrics.refused(kind.code)

    assert Recorder.names - _written(capsys.readouterr().out) == set()


def _written(output: str) -> set[str]:
    lines = [json.loads(line) for line in output.splitlines()]
    return {
        metric["Name"]
        for line in lines
        if "_aws" in line
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }
