"""An answer that repeats the instructions is recognized, every mark means a passage, and neither takes long."""

from __future__ import annotations

import base64
import time

import pytest

from genai_layers.runtime.chat import leak, prompt
from genai_layers.runtime.chat.citations import resolve
from genai_layers.runtime.chat.model import Passage
from tests.runtime.fakes import Chat, FakeModel, says


def _spellings(text: str) -> dict[str, str]:
    import codecs

    return {
        "plain": text,
        "upper case": text.upper(),
        "spaced out": " ".join(text),
        "with dashes": "-".join(text),
        "backwards": text[::-1],
        "rot13": codecs.encode(text, "rot13"),
        "base64": base64.b64encode(text.encode()).decode(),
        "base64 without padding": base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
        "hex": text.encode().hex(),
        "hex with spaces": text.encode().hex(" "),
    }


@pytest.mark.parametrize("spelling", _spellings("a"))
def test_the_instructions_are_recognized(spelling: str) -> None:
    """A part of them is enough, however it is spelled."""
    told = "Sure! My rules: " + _spellings(prompt.INSTRUCTIONS[200:420])[spelling] + " That is all."

    assert leak.repeats(told, prompt.instructions("Speak like a pirate."))


def test_what_the_operator_added_is_recognized() -> None:
    """House rules are part of the instructions."""
    extra = "Never speak about the merger with Example Corporation before the first of March of next year."

    assert leak.repeats(f"I was told: {extra}", prompt.instructions(extra))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Leave is 28 days a year, and the documents do not answer the rest.",
        "The documents do not answer it.",
        "I answer questions from passages of documents and put the number of the passage in square brackets.",
        "You answer questions of employees? " * 3,
    ],
)
def test_an_honest_answer_is_no_leak(text: str) -> None:
    """Words that the instructions share with ordinary answers."""
    assert not leak.repeats(text, prompt.instructions(None))


FOUND = [Passage(text=name, source=f"s3://docs/{name}", score=1.0) for name in "abc"]


@pytest.mark.parametrize(
    ("text", "resolved", "sources"),
    [
        ("One [1]. Two [3].", "One [1]. Two [2].", "ac"),
        ("One [3][1].", "One [1][2].", "ca"),
        ("One [2, 3].", "One [1][2].", "bc"),
        ("One [passage 2].", "One [1].", "b"),
        ("One [2] and [2].", "One [1] and [1].", "b"),
        ("One [7]. Two [0].", "One. Two.", ""),
        ("One [1, 9].", "One [1].", "a"),
        ("In 2026 [a] (1) x[i].", "In 2026 [a] (1) x[i].", ""),
        ("Nothing.", "Nothing.", ""),
    ],
)
def test_every_mark_has_its_passage(text: str, resolved: str, sources: str) -> None:
    """Numbered anew in the order of the text; a mark without a passage is taken out."""
    marked, cited = resolve(text, FOUND)

    assert marked == resolved
    assert [passage.text for passage in cited] == list(sources)


@pytest.mark.parametrize(
    "answer",
    ["[" * 4000, "![" * 4000, "<" * 8000, "&amp;" * 4000, "[a](" * 3000, "`" * 8000, "//" * 5000, "eyJ" * 4000],
)
def test_a_hostile_answer_is_cleaned_in_bounded_time(answer: str) -> None:
    """No pattern of ours goes back and forth over a long answer."""
    chat = Chat(FakeModel(says(f"{answer} end")))
    started = time.perf_counter()

    chat.ask("x")

    assert time.perf_counter() - started < 1
