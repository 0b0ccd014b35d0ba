"""The documents of the demo: enough of them, of every kind, and the PDFs say what their sources say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.demo.questions import FORBIDDEN_QUESTION
from tools.local_cloud import Layout

LAYOUT = Layout.of_checkout()
DOCUMENTS = LAYOUT.root / "examples" / "documents"
SOURCES = LAYOUT.root / "tools" / "demo" / "pdf_sources"
READ = "import sys; from tools.local_cloud.ministack_launcher.documents import text_of; p = sys.argv[1]; " + (
    "print(text_of(p, open(p, 'rb').read()))"
)


def test_there_is_a_dozen_of_three_kinds() -> None:
    """Markdown, text and PDF, several of each."""
    kinds = [path.suffix for path in DOCUMENTS.iterdir()]

    assert len(kinds) >= 12
    assert all(kinds.count(kind) >= 3 for kind in (".md", ".txt", ".pdf"))


def test_no_document_holds_what_the_guardrail_denies() -> None:
    """An answer that quotes a document must not be stopped for a word in it."""
    texts = [path.read_text().lower() for path in DOCUMENTS.iterdir() if path.suffix != ".pdf"]

    assert "skeleton key" in FORBIDDEN_QUESTION
    assert not any("skeleton key" in text for text in texts)


@pytest.mark.emulator
@pytest.mark.parametrize("source", sorted(SOURCES.glob("*.txt")), ids=lambda source: source.stem)
def test_a_pdf_says_what_its_source_says(source: Path) -> None:
    """Extracted as ingestion does it, word for word."""
    pdf = DOCUMENTS / f"{source.stem}.pdf"
    reader = [str(LAYOUT.ministack_python), "-c", READ, str(pdf)]

    extracted = subprocess.run(reader, capture_output=True, text=True, check=True, cwd=LAYOUT.root).stdout

    assert extracted.split() == source.read_text().split()
