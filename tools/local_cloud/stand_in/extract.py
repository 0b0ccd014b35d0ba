"""Answer a question with sentences of the passages, chosen by the words they share with it."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.local_cloud.stand_in.prompt import Passage, Prompt

NOTHING_FOUND = "The documents do not answer this question."
_MOST_SENTENCES = 2
# A second sentence is quoted only when it is nearly as close to the question as the first.
_NEAR = 0.75
_LEAST_SHARED_WORDS = 2
_COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a an and are as at be been by can did do does for from had has have how i if in into is it its many may me
        much must my of on one or our please should so tell than that the their them then there these they this to
        was we were what when where which who why will with would you your
        """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    passage: int
    position: int
    text: str
    words: frozenset[str]


def answer(prompt: Prompt) -> str:
    """
    Quote the sentences that are closest to the question, each with the number of its passage.

    The same prompt always gives the same answer, and nothing is said that no passage says.
    """
    asked = words(prompt.question)
    sentences = _unique(_sentences(prompt.passages))
    if not asked or not sentences:
        return NOTHING_FOUND
    weights = _weights(sentences, asked)
    scored = [(sum(weights[word] for word in asked & sentence.words), sentence) for sentence in sentences]
    needed = min(_LEAST_SHARED_WORDS, len(asked))
    fitting = [(score, s) for score, s in scored if len(asked & s.words) >= needed]
    if not fitting:
        return NOTHING_FOUND
    fitting.sort(key=lambda pair: (-pair[0], pair[1].passage, pair[1].position))
    best = fitting[0][0]
    chosen = [sentence for score, sentence in fitting[:_MOST_SENTENCES] if score >= best * _NEAR]
    chosen.sort(key=lambda sentence: (sentence.passage, sentence.position))
    return " ".join(f"{sentence.text} [{sentence.passage}]" for sentence in chosen)


def words(text: str) -> frozenset[str]:
    """The telling words of *text*, cut to their stems."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset(_stem(word) for word in found if word not in _COMMON_WORDS)


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _sentences(passages: Sequence[Passage]) -> Iterable[_Sentence]:
    for passage in passages:
        prose = [line for line in passage.text.splitlines() if not line.lstrip().startswith(("#", "=", "|"))]
        pieces = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])", " ".join(" ".join(prose).split()))
        for position, piece in enumerate(pieces):
            # A passage may begin or end in the middle of a sentence; half a sentence is not quoted.
            if piece and piece[-1] in ".!?\"')" and not piece[0].islower():
                yield _Sentence(passage=passage.number, position=position, text=piece, words=words(piece))


def _unique(sentences: Iterable[_Sentence]) -> list[_Sentence]:
    """Passages overlap: the first place of a sentence counts."""
    seen: dict[str, _Sentence] = {}
    for sentence in sentences:
        seen.setdefault(sentence.text, sentence)
    return list(seen.values())


def _weights(sentences: Sequence[_Sentence], asked: frozenset[str]) -> dict[str, float]:
    """A word that few sentences have says more about the question."""
    having = Counter(word for sentence in sentences for word in sentence.words & asked)
    return {word: math.log(1 + len(sentences) / (1 + having[word])) for word in asked}
