"""
Typeset the PDF documents of the demo from their texts: `python -m tools.demo.make_pdfs`.

The PDFs are committed, so that the demo needs no typesetting; run this after a change to `pdf_sources/`.
The same text always gives the same bytes.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pydyf  # type: ignore # not among the pinned tools: the PDFs are committed

SOURCES = Path(__file__).parent / "pdf_sources"
DOCUMENTS = Path(__file__).resolve().parents[2] / "examples" / "documents"

# A4 in points, set in Courier: every character is 0.6 of the size wide, so lines can be broken by counting.
_WIDTH, _HEIGHT, _MARGIN = 595, 842, 72
_SIZE, _TITLE_SIZE, _LEADING = 10.5, 15, 15.5
_COLUMNS = int((_WIDTH - 2 * _MARGIN) / (0.6 * _SIZE))
_LINES_PER_PAGE = int((_HEIGHT - 2 * _MARGIN) / _LEADING) - 1


def main() -> int:
    """Write one PDF per source."""
    for source in sorted(SOURCES.glob("*.txt")):
        target = DOCUMENTS / f"{source.stem}.pdf"
        title, *paragraphs = source.read_text().strip().split("\n\n")
        target.write_bytes(typeset(title, paragraphs))
        print(f"wrote {target.name}")
    return 0


def typeset(title: str, paragraphs: list[str]) -> bytes:
    """
    The bytes of a PDF.

    Args:
        title: Set in bold on top of the first page.
        paragraphs: Set below it, an empty line between two of them.
    """
    lines = [line for paragraph in paragraphs for line in (*textwrap.wrap(paragraph, _COLUMNS), "")]
    pages = [lines[start : start + _LINES_PER_PAGE] for start in range(0, len(lines), _LINES_PER_PAGE)]
    document = pydyf.PDF()
    fonts = {name: _font(document, base) for name, base in (("text", "Courier"), ("title", "Courier-Bold"))}
    for number, page in enumerate(pages, start=1):
        _add_page(document, fonts, title if number == 1 else "", page)
    output = _Buffer()
    document.write(output)
    return bytes(output.content)


def _font(document: pydyf.PDF, base: str) -> bytes:
    font = pydyf.Dictionary(
        {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{base}", "Encoding": "/WinAnsiEncoding"}
    )
    document.add_object(font)
    return bytes(font.reference)


def _add_page(document: pydyf.PDF, fonts: dict[str, bytes], title: str, lines: list[str]) -> None:
    stream = pydyf.Stream()
    stream.begin_text()
    stream.set_font_size("title", _TITLE_SIZE)
    stream.set_text_matrix(1, 0, 0, 1, _MARGIN, _HEIGHT - _MARGIN)
    stream.show_text_string(title)
    stream.set_font_size("text", _SIZE)
    for position, line in enumerate(lines, start=2):
        stream.set_text_matrix(1, 0, 0, 1, _MARGIN, _HEIGHT - _MARGIN - position * _LEADING)
        stream.show_text_string(line)
    stream.end_text()
    document.add_object(stream)
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": document.pages.reference,
                "MediaBox": pydyf.Array([0, 0, _WIDTH, _HEIGHT]),
                "Contents": stream.reference,
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary(fonts)}),
            }
        )
    )


class _Buffer:
    """Collects what the writer writes."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> int:
        """Take *data*."""
        self.content += data
        return len(data)


if __name__ == "__main__":
    sys.exit(main())
