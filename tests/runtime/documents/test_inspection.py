"""Every bad document is refused with its reason, every good one is let through (OWASP LLM04, data poisoning)."""

from __future__ import annotations

from pathlib import Path

import pytest

from genai_layers.runtime.document_scan import inspection
from genai_layers.runtime.document_scan.refusal import Reason, RefusedError
from genai_layers.runtime.documents.model import KINDS
from tests.runtime.documents.corpus import BAD, GOOD
from tests.runtime.documents.making import SECRET

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "documents"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_is_refused_with_its_reason(name: str) -> None:
    """With one of our sentences, which repeats nothing of the document."""
    kind, content, reason = BAD[name]

    with pytest.raises(RefusedError) as caught:
        inspection.inspect(content, kind=kind, size=len(content))

    assert caught.value.reason.value == reason
    assert SECRET[:20] not in caught.value.message


def test_every_reason_is_tried() -> None:
    """But those that the way to a document is refused for, and not the document itself."""
    assert {reason for _, _, reason in BAD.values()} == {one.value for one in Reason} - {"malware"}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_is_let_through(name: str) -> None:
    """What is unusual and right is not refused."""
    kind, content = GOOD[name]

    inspection.inspect(content, kind=kind, size=len(content))


@pytest.mark.parametrize("file", sorted(EXAMPLES.iterdir()), ids=lambda file: file.name)
def test_the_examples_are_let_through(file: Path) -> None:
    """The documents that the demo is about."""
    content = file.read_bytes()

    inspection.inspect(content, kind=file.suffix[1:], size=len(content))


def test_another_size_than_was_said_is_refused() -> None:
    """What was asked for is what is looked into."""
    with pytest.raises(RefusedError, match="another size"):
        inspection.inspect(b"hello", kind="txt", size=4)


def test_what_a_parser_stumbles_over_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours lets nothing through."""

    def stumble(_: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(inspection, "_INSPECTIONS", {"txt": stumble})

    with pytest.raises(RefusedError, match="damaged"):
        inspection.inspect(b"hello", kind="txt", size=5)


def test_what_may_be_asked_for_can_be_looked_into() -> None:
    """One list of kinds on both sides."""
    assert set(KINDS) == set(inspection.KINDS)
