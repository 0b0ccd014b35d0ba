"""From an object in a bucket to the passages that retrieval finds: extraction and chunking."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Bedrock user guide, "Prerequisites for your knowledge base data", read 2026-11-25; images and Office files are
# left out here because nothing on this machine reads them.
_PLAIN_TEXT = (".txt", ".md", ".html", ".csv")
_PDF = ".pdf"
# A token of English is about four characters.
_CHARACTERS_PER_TOKEN = 4
# Bedrock user guide, "How content chunking works", read 2026-11-25: default chunking is about 300 tokens.
_DEFAULT_TOKENS = 300
_DEFAULT_OVERLAP_PERCENTAGE = 20
# A line of a PDF that fills less than this share of the longest line is the last of its paragraph.
_FULL_LINE = 0.75
PARAGRAPH_BREAK = "\n\n"


class UnreadableDocumentError(ValueError):
    """A document has a type that is not read, or its content does not match its type."""


def text_of(key: str, content: bytes) -> str:
    """
    The text of one document.

    Args:
        key: Object key; its ending says how to read the content.
        content: The object's bytes.

    Raises:
        UnreadableDocumentError: The type is not read, or the content is not of that type.
    """
    if key.lower().endswith(_PDF):
        return _pdf_text(key, content)
    if not key.lower().endswith(_PLAIN_TEXT):
        raise UnreadableDocumentError(f"the format of {key} is not read; use {', '.join((*_PLAIN_TEXT, _PDF))}")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(f"{key} is not UTF-8 text") from error


def passages(text: str, configuration: Mapping[str, Any] | None) -> list[str]:
    """
    Cut *text* as a data source's chunking configuration says, never inside a sentence.

    Args:
        text: The whole document.
        configuration: The data source's `vectorIngestionConfiguration`.

    Returns:
        list[str]: Passages in order; the whole text when chunking is `NONE`.
    """
    chunking = (configuration or {}).get("chunkingConfiguration") or {}
    strategy = chunking.get("chunkingStrategy", "DEFAULT")
    if strategy == "NONE":
        return [text]
    tokens, overlap_percentage = _size(strategy, chunking)
    limit = tokens * _CHARACTERS_PER_TOKEN
    return _packed(_sentences(text), limit, limit * overlap_percentage // 100)


def _size(strategy: str, chunking: Mapping[str, Any]) -> tuple[int, int]:
    """Tokens per passage and overlap; what the local cloud cannot do (semantic breaks) becomes a fixed size."""
    if strategy == "FIXED_SIZE":
        fixed = chunking["fixedSizeChunkingConfiguration"]
        return int(fixed["maxTokens"]), int(fixed["overlapPercentage"])
    if strategy == "HIERARCHICAL":
        levels = chunking["hierarchicalChunkingConfiguration"]["levelConfigurations"]
        return int(levels[-1]["maxTokens"]), 0
    if strategy == "SEMANTIC":
        return int(chunking["semanticChunkingConfiguration"]["maxTokens"]), 0
    return _DEFAULT_TOKENS, _DEFAULT_OVERLAP_PERCENTAGE


def _sentences(text: str) -> list[str]:
    """Sentences and headings, each with the white space that follows it."""
    return [piece for piece in re.findall(r".+?(?:[.!?][\"')\]]*\s+|\n{2,}|$)", text, flags=re.DOTALL) if piece.strip()]


def _packed(sentences: list[str], limit: int, overlap: int) -> list[str]:
    packed: list[list[str]] = [[]]
    for sentence in sentences:
        if packed[-1] and _length(packed[-1]) + len(sentence) > limit:
            packed.append(_tail(packed[-1], overlap))
        packed[-1].append(sentence)
    return ["".join(piece).strip() for piece in packed if piece]


def _tail(sentences: list[str], length: int) -> list[str]:
    """The last whole sentences that fit into *length* characters."""
    tail: list[str] = []
    for sentence in reversed(sentences):
        if _length(tail) + len(sentence) > length:
            break
        tail.insert(0, sentence)
    return tail


def _length(sentences: list[str]) -> int:
    return sum(len(sentence) for sentence in sentences)


def _pdf_text(key: str, content: bytes) -> str:
    from pypdf import PdfReader  # type: ignore # installed beside MiniStack only
    from pypdf.errors import PyPdfError  # type: ignore

    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except PyPdfError as error:
        raise UnreadableDocumentError(f"{key} is not a readable PDF: {error}") from error
    return "\n\n".join(_paragraphs(page.splitlines()) for page in pages)


def _paragraphs(lines: list[str]) -> str:
    """Join lines that the layout broke; a line that ends well before the margin ends its paragraph."""
    margin = max((len(line) for line in lines), default=0)
    return "".join(
        f"{line}{' ' if len(line) > margin * _FULL_LINE else PARAGRAPH_BREAK}" for line in lines if line.strip()
    )
