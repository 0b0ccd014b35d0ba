"""What is shown while a model writes was cleaned like a whole answer, and nothing of a leak is shown."""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai_layers.runtime.chat import citations, leak, output, prompt
from genai_layers.runtime.chat.draft import Draft
from genai_layers.runtime.chat.model import Passage
from tests.runtime.fakes import SETTINGS

PASSAGES = [Passage(text="a", source="s3://d/a.md", score=1.0), Passage(text="b", source="s3://d/b.md", score=0.5)]
PROSE = "The railway opens at six in the morning and closes at ten in the evening [1]. "
ODD = st.sampled_from(
    [
        PROSE,
        "![a b](https://evil.example/?q=1) ",
        "[here we are](https://evil.example) ",
        "<script>alert(1)</script> ",
        "```\ncode ![x](y)\n```\n",
        "AKIAABCDEFGHIJKLMNOP ",
        "[2] [9] \n\n",
        "[open and never closed ",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg ",
        "&lt;img src=x&gt; ",
        "word " * 30,
    ]
)


def _shown(text: str) -> str:
    return citations.resolve(output.sanitize(text, sources=[one.source for one in PASSAGES]).text, PASSAGES)[0]


def _told(text: str, size: int) -> list[str]:
    told: list[str] = []
    draft = Draft(SETTINGS, PASSAGES, told.append)
    for start in range(0, len(text), size):
        draft.add(text[start : start + size])
    assert draft.told == "".join(told)
    return told


@settings(deadline=None)
@given(st.lists(ODD, max_size=8).map("".join), st.integers(1, 90))
def test_what_is_told_is_the_clean_form_of_a_beginning(text: str, size: int) -> None:
    """However the text is cut: nothing is shown that the cleaning of what was written so far would not show."""
    told = "".join(_told(text, size))

    assert told in {_shown(text[:end]) for end in range(len(text) + 1)}


def test_an_honest_answer_is_told_as_it_comes() -> None:
    """All but the end that is held back, in several pieces, and as the whole answer begins."""
    text = PROSE * 12

    told = _told(text, 5)

    assert len(told) > 5
    assert _shown(text).startswith("".join(told))
    assert len("".join(told)) > len(text) - 70


@pytest.mark.parametrize("spelling", ["plain", "hex", "spaced", "backwards", "rot13"])
def test_nothing_of_a_leak_is_told(spelling: str) -> None:
    """Neither its first words nor, once it is noticed, anything after it."""
    secret = prompt.INSTRUCTIONS
    told_by_model = {
        "plain": secret,
        "hex": " ".join(re.findall("..", secret.encode().hex())),
        "spaced": " ".join(secret),
        "backwards": secret[::-1],
        "rot13": codecs.encode(secret, "rot13"),
    }[spelling]

    shown = "".join(_told(PROSE * 6 + told_by_model + PROSE * 6, 3))

    leaked = shown.removeprefix(_shown(PROSE * 6)).strip()
    assert len(re.sub(r"\W", "", leaked)) <= leak.BEGINNING
    assert not leak.repeats(shown, prompt.INSTRUCTIONS)


def _smuggled() -> list[str]:
    corpus = json.loads((Path(__file__).parent / "attacks" / "corpus.json").read_text(encoding="utf-8"))
    return [
        case["answer"]
        for risk, cases in corpus.items()
        if risk.startswith(("LLM02", "LLM05"))
        for case in cases
        if "answer" in case
    ]


@pytest.mark.parametrize("answer", _smuggled())
def test_what_an_answer_smuggles_is_never_told(answer: str) -> None:
    """The attacks on whole answers, told piece by piece between honest words."""
    text = PROSE * 4 + answer + " " + PROSE * 4

    told = "".join(_told(text, 4))

    assert told in {_shown(text[:end]) for end in range(len(text) + 1)}
    assert "evil.example" not in told
