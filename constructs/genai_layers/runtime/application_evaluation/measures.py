"""What the answers to a golden set are worth, as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from ..chat.model import Passage
from .asking import Asked


class Measure(Enum):
    """What is measured, by the name that thresholds and reports use."""

    RETRIEVAL_HIT_RATE = "retrieval_hit_rate"
    """Share of the questions with an answer whose document was among the passages found."""
    CITATION_CORRECTNESS = "citation_correctness"
    """Of the documents that answers cite, the share that holds the answer; the mean over questions."""
    GROUNDEDNESS = "groundedness"
    """Mean of the guardrail's grounding score of answers."""
    RATED_SHARE = "rated_share"
    """Share of the answers that the guardrail gave a grounding score."""
    RIGHT_ANSWERS = "right_answers"
    """Share of the questions with an answer whose answer says what it must and nothing that it must not."""
    REFUSALS = "refusals"
    """Share of the questions to refuse that were refused."""
    FALSE_REFUSALS = "false_refusals"
    """Share of the questions with an answer that were refused."""
    FORBIDDEN_FINDS = "forbidden_finds"
    """Questions that found a document which whoever asks must not find."""
    UNANSWERED = "unanswered"
    """Questions whose call failed."""
    P50_MS = "p50_ms"
    """Half of the answers were there after so many milliseconds."""
    P95_MS = "p95_ms"
    """Nineteen of twenty answers were there after so many milliseconds."""
    TOKENS = "tokens"
    """Tokens read and written, of all questions."""
    USD = "usd"
    """Price of the tokens, of all questions, in USD."""
    USD_PER_ANSWER = "usd_per_answer"
    """The same of one question in the mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    One question and what its answer is worth.

    Attributes:
        asked: What came of it.
        was_found: Whether a document with the answer was found; None where there is none to find.
        citations: Share of the citations that are right; None where there is none to be right.
        is_refused: Whether nothing was answered.
        faults: What is wrong with the answer.
    """

    asked: Asked
    was_found: bool | None
    citations: float | None
    is_refused: bool
    faults: tuple[str, ...]


def judge(asked: Asked) -> Judged:
    """Return what the answer in *asked* is worth."""
    case, answer = asked.case, asked.answer
    if answer is None:
        return Judged(
            asked=asked,
            was_found=None if case.should_refuse else False,
            citations=None if case.should_refuse else 0.0,
            is_refused=False,
            faults=(f"gave no answer: {asked.fault}",),
        )
    # The house rules: whoever cannot answer from the documents says so, and cites nothing.
    is_refused = answer.is_stopped or not answer.citations
    text = answer.text.casefold()
    faults = [f"holds {one!r}" for one in case.must_not_say if one.casefold() in text]
    if case.should_refuse and not is_refused:
        faults.append("was answered, and is to be refused")
    if not case.should_refuse:
        faults += ["was refused"] if is_refused else []
        faults += [f"lacks {one!r}" for one in case.must_say if one.casefold() not in text]
    faults += [f"found {one!r}, which must not be found" for one in case.not_sources if _is_among([one], asked.found)]
    return Judged(
        asked=asked,
        was_found=_is_among(case.sources, asked.found) if case.sources else None,
        citations=_right(case.sources, answer.citations) if case.sources else None,
        is_refused=is_refused,
        faults=tuple(faults),
    )


def measure(judged: Sequence[Judged]) -> dict[Measure, float | None]:
    """Return every measure of *judged*; None where there is nothing to measure it on."""
    to_answer = [one for one in judged if not one.asked.case.should_refuse]
    to_refuse = [one for one in judged if one.asked.case.should_refuse]
    given = [one for one in judged if one.asked.answer is not None]
    answers = [one for one in given if not one.is_refused]
    usd = [one.asked.answer.usage.usd for one in given if one.asked.answer is not None]
    price = None if not usd or None in usd else float(sum(each for each in usd if each is not None))
    waits = sorted(one.asked.milliseconds for one in given)
    return {
        Measure.RETRIEVAL_HIT_RATE: _mean(to_answer, lambda one: float(bool(one.was_found))),
        Measure.CITATION_CORRECTNESS: _mean(to_answer, lambda one: one.citations or 0.0),
        Measure.GROUNDEDNESS: _mean(
            [one for one in answers if one.asked.grounding is not None], lambda one: one.asked.grounding or 0.0
        ),
        Measure.RATED_SHARE: _mean(answers, lambda one: float(one.asked.grounding is not None)),
        Measure.RIGHT_ANSWERS: _mean(to_answer, lambda one: float(not one.faults)),
        Measure.REFUSALS: _mean(to_refuse, lambda one: float(one.is_refused)),
        Measure.FALSE_REFUSALS: _mean(to_answer, lambda one: float(one.is_refused)),
        Measure.FORBIDDEN_FINDS: float(
            sum(any(_is_among([source], one.asked.found) for source in one.asked.case.not_sources) for one in judged)
        ),
        Measure.UNANSWERED: float(len(judged) - len(given)),
        Measure.P50_MS: _percentile(waits, 50),
        Measure.P95_MS: _percentile(waits, 95),
        Measure.TOKENS: float(
            sum(
                one.asked.answer.usage.input_tokens + one.asked.answer.usage.output_tokens
                for one in given
                if one.asked.answer is not None
            )
        ),
        Measure.USD: price,
        Measure.USD_PER_ANSWER: None if price is None else price / len(given),
    }


def _is_among(sources: Iterable[str], passages: Sequence[Passage]) -> bool:
    return any(passage.source.endswith(source) for source in sources for passage in passages)


def _right(sources: Sequence[str], citations: Sequence[Passage]) -> float:
    right = [any(passage.source.endswith(source) for source in sources) for passage in citations]
    return sum(right) / len(right) if right else 0.0


def _mean(judged: Sequence[Judged], value: Callable[[Judged], float]) -> float | None:
    return sum(value(one) for one in judged) / len(judged) if judged else None


def _percentile(ordered: Sequence[int], percent: int) -> float | None:
    if not ordered:
        return None
    return float(ordered[max(0, -(-len(ordered) * percent // 100) - 1)])
