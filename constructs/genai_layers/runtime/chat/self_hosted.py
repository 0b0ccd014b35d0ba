"""A model on machines of ours behind the port of the chat: judged, asked, and judged again before a word is told."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from . import protocol
from .budget import tokens
from .choosing import texts
from .errors import TooSlowError
from .judge import QUERY, SOURCE, Judge, Verdict
from .model import Completion, Stop
from .ports import Tell

_MARGIN_SECONDS = 1.0


class Endpoint(Protocol):
    """Where a model of ours is asked."""

    def send(self, body: bytes, *, is_streamed: bool) -> Generator[bytes]:
        """Send *body* and return the answer as it comes."""


class SelfHosted:
    """
    A model that no guardrail stands around.

    A stream keeps a long answer alive and is read to its end here: the answer is judged whole, and then told.

    Args:
        endpoint: Where it is asked.
        judge: The guardrail.
        served_name: What the engine calls the model; None where it has one alone.
    """

    def __init__(self, endpoint: Endpoint, judge: Judge, *, served_name: str | None = None) -> None:
        self._endpoint = endpoint
        self._judge = judge
        self._served_name = served_name

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Tell | None = None
    ) -> Completion:
        """
        Return what the model makes of *request*, if the guardrail lets both pass.

        Args:
            request: Parameters of Converse.
            seconds_left: Time until the function is stopped.
            tell: Is told the model's words, when they are judged. Default: nobody is.

        Raises:
            NotJudgedError: The guardrail could not be asked.
        """
        spots = _judged(request)
        asked = self._judge.question([spot.text for spot in spots])
        if asked.is_stopped:
            return _stopped(asked, 0, 0)
        masked = {spot.place: text for spot, text in zip(spots, asked.texts, strict=True)}
        body = protocol.body(
            _messages(request, masked),
            request["inferenceConfig"],
            model=self._served_name,
            is_streamed=tell is not None,
        )
        with closing(self._endpoint.send(body, is_streamed=tell is not None)) as chunks:
            said = (protocol.whole if tell is None else protocol.streamed)(_in_time(chunks, seconds_left))
        read = said.input_tokens if said.input_tokens is not None else tokens(sum(map(len, texts(request))))
        written = said.output_tokens if said.output_tokens is not None else tokens(len(said.text))
        if not said.text:
            return Completion(text="", stop=Stop.ANSWERED, input_tokens=read, output_tokens=written)
        told = self._judge.answer(said.text, sources=_marked(request, SOURCE), query="".join(_marked(request, QUERY)))
        acted = tuple(sorted({*asked.interventions, *told.interventions}))
        if told.is_stopped or said.reason == "content_filter":
            return _stopped(told, read, written, acted)
        (text,) = told.texts
        if tell is not None:
            tell(text)
        return Completion(
            text=text,
            stop=Stop.LENGTH if said.reason == "length" else Stop.ANSWERED,
            input_tokens=read,
            output_tokens=written,
            interventions=acted,
        )


@dataclass(frozen=True, slots=True)
class _Spot:
    """A text of a request that is judged, and where it stands."""

    place: tuple[int, int]
    text: str


def _judged(request: Mapping[str, Any]) -> list[_Spot]:
    """Return what Converse would have judged: what is marked for it, or else all that is said."""
    marked, said = [], []
    for number, message in enumerate(request["messages"]):
        for index, block in enumerate(message["content"]):
            if "guardContent" not in block:
                said.append(_Spot((number, index), block["text"]))
                continue
            text = block["guardContent"]["text"]
            if text.get("qualifiers") != [SOURCE]:
                marked.append(_Spot((number, index), text["text"]))
    return marked or said


def _messages(request: Mapping[str, Any], masked: Mapping[tuple[int, int], str]) -> list[dict[str, str]]:
    instructions = "\n\n".join(block["text"] for block in request.get("system", ()))
    made = [{"role": "system", "content": instructions}] if instructions else []
    for number, message in enumerate(request["messages"]):
        parts = [
            masked.get(
                (number, index),
                block["guardContent"]["text"]["text"] if "guardContent" in block else block.get("text", ""),
            )
            for index, block in enumerate(message["content"])
        ]
        made.append({"role": message["role"], "content": "\n\n".join(parts)})
    return made


def _marked(request: Mapping[str, Any], qualifier: str) -> list[str]:
    return [
        block["guardContent"]["text"]["text"]
        for message in request["messages"]
        for block in message["content"]
        if qualifier in block.get("guardContent", {}).get("text", {}).get("qualifiers", ())
    ]


def _stopped(verdict: Verdict, read: int, written: int, acted: tuple[str, ...] | None = None) -> Completion:
    return Completion(
        # Where the guardrail let the words pass and the engine did not, they are not the guardrail's message.
        text="\n".join(verdict.texts) if verdict.is_stopped else "",
        stop=Stop.GUARDRAIL,
        input_tokens=read,
        output_tokens=written,
        interventions=verdict.interventions if acted is None else acted,
    )


def _in_time(chunks: Iterator[bytes], seconds_left: Callable[[], float]) -> Iterator[bytes]:
    for chunk in chunks:
        if seconds_left() < _MARGIN_SECONDS:
            raise TooSlowError("the answer takes longer than the function may run: ask for less")
        yield chunk
