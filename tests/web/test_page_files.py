"""The files of the page: nothing from elsewhere, nothing inline, nothing that makes HTML of text."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from genai_layers.application.chat_service import ROUTES
from genai_layers.application.document_upload import ROUTES as UPLOAD_ROUTES
from genai_layers.application.playground import ROUTES as PLAYGROUND_ROUTES
from genai_layers.runtime.chat.model import MAX_QUESTION_CHARACTERS
from genai_layers.runtime.documents.model import KINDS
from genai_layers.web import API_PATHS, STATIC, PageConfig, media_type, page_files, security_headers
from tools.demo.page.server import Site

FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]


def name(path: Path) -> str:
    return str(path.relative_to(STATIC))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_can_be_read_at_once_and_asks_nobody_else(path: Path) -> None:
    """At most 250 lines, and no address but that of a name space."""
    text = path.read_text(encoding="utf-8")
    hosts = {urlsplit(address).hostname for address in re.findall(r"https?://[^\s\"'`<>)]+", text)}

    assert len(text.splitlines()) <= 250
    assert hosts <= {"www.w3.org"}


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(inner|outer)HTML\b",
        r"insertAdjacentHTML|document\.write|createContextualFragment|DOMParser",
        r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]",
        r"\blocalStorage\b|document\.cookie",
        r"\.setAttribute\(\s*[\"']style",
    ],
)
def test_a_script_never_makes_code_or_html_of_text(path: Path, pattern: str) -> None:
    """What a model writes stays text; what signs in is kept for the tab at most."""
    assert re.findall(pattern, path.read_text(encoding="utf-8")) == []


def test_the_document_has_no_inline_script_or_style() -> None:
    """So the policy needs no exception."""
    document = (STATIC / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"<style|style=|\son\w+=|javascript:", document) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", document) == []
    assert '<html lang="en">' in document


def test_every_module_that_is_imported_is_there() -> None:
    """A wrong name would stop the whole page."""
    broken = [
        f"{name(path)}: {target}"
        for path in SCRIPTS
        for target in re.findall(r"from \"(\.[^\"]+)\"", path.read_text(encoding="utf-8"))
        if not (path.parent / target).resolve().is_file()
    ]

    assert broken == []


def test_the_paths_of_the_api_are_routes_of_the_chat() -> None:
    """What the page may call exists, and no path of the API is a file of the page."""
    routes = {route.split(" ")[1] for route in (*ROUTES, *PLAYGROUND_ROUTES, *UPLOAD_ROUTES)}

    assert {path.replace("*", "{id}") for path in API_PATHS} <= routes
    assert not set(page_files()) & set(API_PATHS)


def test_a_question_may_be_as_long_in_the_page_as_in_the_api() -> None:
    """Neither says less than the other."""
    composer = (STATIC / "js" / "views" / "composer_view.js").read_text(encoding="utf-8")

    assert f"const LONGEST = {MAX_QUESTION_CHARACTERS};" in composer


def test_the_headers_forbid_what_the_page_does_not_need() -> None:
    """Scripts and styles of its own, no frame, no other place to send anything to."""
    policy = security_headers("https://sign-in.example.com")["content-security-policy"]

    assert "script-src 'self';" in policy
    assert "connect-src 'self' https://sign-in.example.com;" in policy
    assert "unsafe" not in policy


def test_the_page_offers_the_kinds_of_documents_that_are_taken() -> None:
    """With the media types that the API asks for."""
    script = (STATIC / "js" / "uploads.js").read_text(encoding="utf-8")
    offered = dict(re.findall(r"^  (\w+): \"([^\"]+)\",$", script, re.M))

    assert offered == {end: kind.media_type for kind in KINDS.values() for end in kind.ends}


def test_the_server_of_the_demo_leads_paths_where_cloudfront_does() -> None:
    """Files stay here, the API's paths go to the API, and nothing else leaves."""
    site = Site(
        files={},
        sign_in_path="/sign-in",
        endpoint="http://127.0.0.1:1",
        api_base="http://127.0.0.1:1/api",
        api_host="abc.execute-api.localhost:1",
        certificate=None,
    )

    assert site.target("/conversations/abc?before=1") == (
        "http://127.0.0.1:1/api/conversations/abc?before=1",
        {"host": "abc.execute-api.localhost:1"},
    )
    assert site.target("/sign-in") == ("http://127.0.0.1:1/", {})
    assert [site.target(path) for path in ("/", "/index.html", "/openapi.json", "/sign-in/x", "//chat")] == [None] * 5


def test_the_settings_of_the_page_have_the_names_that_it_reads() -> None:
    """What Python writes is what the script checks."""
    reader = (STATIC / "js" / "config.js").read_text(encoding="utf-8")
    document = PageConfig(user_pool_id="r_p", client_id="c", sign_in_url="/").document()

    assert [key for key in document if key not in reader] == []
    assert media_type("/config.json").startswith("application/json")
