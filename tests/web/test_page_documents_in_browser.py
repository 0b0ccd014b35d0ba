"""Feedback and documents, in a real Chromium against the application on the local cloud."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.runtime.documents.corpus import BAD
from tests.web.visit import Visit
from tools.demo import questions

pytestmark = pytest.mark.emulator


def _other_hosts(visit: Visit) -> set[str]:
    """Take out and return the hosts beside the page's own: forms go to the bucket itself."""
    own = {host for host in visit.hosts if visit.page.url.startswith(host)}
    other = visit.hosts - own
    visit.hosts.intersection_update(own)
    return other


def test_a_document_is_accepted_and_one_with_macros_is_refused(chat: Visit, tmp_path: Path) -> None:
    """The whole way: form, quarantine, event, scan, status; then it is removed."""
    page, documents = chat.page, chat.page.locator(".documents")
    clean, bad = tmp_path / "sledges.txt", tmp_path / "macros.docx"
    clean.write_text("A sledge may be taken along for 35 crowns.", encoding="utf-8")
    bad.write_bytes(BAD["macros"][1])

    page.get_by_label("Add a document").set_input_files(clean)
    expect(documents.locator("li", has_text="sledges.txt")).to_contain_text("accepted", timeout=60_000)
    page.get_by_label("Add a document").set_input_files(bad)
    expect(documents.locator("li", has_text="macros.docx")).to_contain_text("holds macros", timeout=60_000)
    chat.shoot("8-documents")
    page.get_by_role("button", name="Remove sledges.txt").click()
    expect(documents.locator("li", has_text="sledges.txt")).to_have_count(0)

    assert len(_other_hosts(chat)) == 1


def test_a_feedback_is_kept_with_the_answer(chat: Visit) -> None:
    """It is there after a reload; the tokens of the day are those of the budget."""
    page = chat.page
    chat.ask(questions.QUESTIONS[1])
    page.get_by_role("button", name="Of no use").click()
    expect(page.locator(".feedback .hint")).to_have_text("Thank you.")
    expect(page.locator(".usage")).to_contain_text(re.compile(r"^[1-9][\d,]* of 200,000 tokens today"))
    page.reload()
    page.locator(".conversations .open").first.click()

    expect(page.get_by_role("button", name="Of no use")).to_have_attribute("aria-pressed", "true")
    _other_hosts(chat)
