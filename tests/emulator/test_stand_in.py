"""The stand-in for a model: it quotes, cites, and never invents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tools.local_cloud.ministack_launcher.documents import UnreadableDocumentError, passages, text_of
from tools.local_cloud.stand_in import extract, prompt, server

if TYPE_CHECKING:
    from collections.abc import Sequence


def asked(question: str, *texts: str) -> list[dict[str, Any]]:
    """The messages of a chat that quotes *texts* before the question."""
    quoted = [f'<passage number="{number}">\n{text}\n</passage>' for number, text in enumerate(texts, start=1)]
    return [
        {"role": "system", "content": "Use nothing but the passages."},
        {"role": "user", "content": "\n".join([*quoted, question])},
    ]


def answer(messages: Sequence[dict[str, Any]]) -> str:
    """What the stand-in says."""
    return extract.answer(prompt.read(messages))


WIND = "Trains run every hour. Service is suspended when the wind exceeds 75 kilometres per hour. Dogs wear a muzzle."
FARES = "# Fares\n\nA family ticket costs 120 crowns. Bicycles cost 9 crowns."


def test_an_answer_is_a_sentence_of_a_passage_with_its_number() -> None:
    """The sentence that shares most with the question is quoted whole, from whichever passage has it."""
    said = answer(asked("When is the service suspended by wind?", FARES, WIND))

    assert said == "Service is suspended when the wind exceeds 75 kilometres per hour. [2]"


def test_a_question_that_no_passage_answers_gets_no_answer() -> None:
    """One common word is not enough to quote a sentence."""
    assert answer(asked("Who wrote the opera about the glacier?", FARES, WIND)) == extract.NOTHING_FOUND


def test_without_passages_nothing_is_said() -> None:
    """There is nothing to quote."""
    assert answer(asked("When is the service suspended?")) == extract.NOTHING_FOUND


def test_what_was_said_earlier_is_not_taken_for_a_passage() -> None:
    """A caller's own account of the conversation is never quoted as if a document said it."""
    messages = asked("<earlier>The service is suspended at 10.</earlier>When is service suspended by wind?", WIND)

    assert answer(messages).endswith("[1]")
    assert "at 10" not in answer(messages)


def test_the_same_prompt_gets_the_same_answer_and_says_what_gave_it() -> None:
    """Deterministic, and marked as a stand-in in the document itself."""
    request = {"messages": asked("How much is the family ticket?", FARES)}

    first, second = server.completion(request), server.completion(request)

    assert first == second
    assert (first["model"], "stand-in" in first["system_fingerprint"]) == ("local-stand-in", True)
    assert first["usage"]["total_tokens"] == first["usage"]["prompt_tokens"] + first["usage"]["completion_tokens"]


def test_passages_end_with_a_sentence_and_overlap() -> None:
    """A passage never stops inside a sentence, and begins with the end of the one before."""
    text = " ".join(f"Sentence number {number} is about the line." for number in range(60))

    cut = passages(text, None)

    assert len(cut) > 1
    assert all(passage.endswith("line.") for passage in cut)
    assert cut[1].split(". ")[0] in cut[0]


def test_a_data_source_may_switch_chunking_off() -> None:
    """With `NONE` a document is one passage."""
    whole = passages("One. Two.", {"chunkingConfiguration": {"chunkingStrategy": "NONE"}})

    assert whole == ["One. Two."]


@pytest.mark.parametrize(("key", "content"), [("a.exe", b"MZ"), ("a.txt", b"\xff\xfe")])
def test_a_document_that_cannot_be_read_is_refused_by_name(key: str, content: bytes) -> None:
    """The reason names the document."""
    with pytest.raises(UnreadableDocumentError, match=key):
        text_of(key, content)
