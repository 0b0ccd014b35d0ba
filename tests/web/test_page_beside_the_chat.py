"""Feedback, usage and documents in a real Chromium, against an API that says what the test wants."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.alone import ANSWER, Answers
from tests.web.look import contrasts, unnamed_controls

pytestmark = pytest.mark.tool


def _ask(page: Page) -> None:
    page.get_by_label("Your question").fill("How much leave?")
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_contain_text("28 days")


def test_an_answer_is_rated_from_the_keyboard(lone_page: Page) -> None:
    """The buttons say what they are and which is pressed; a comment can follow."""
    page = lone_page
    answers = Answers(page)
    page.goto("/")
    _ask(page)
    down = page.get_by_role("button", name="Of no use")
    expect(down).to_have_attribute("aria-pressed", "false")

    down.press("Enter")
    expect(down).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Why?").fill("It is 30 days.")
    page.keyboard.press("Enter")
    expect(page.locator(".feedback .hint")).to_have_text("Thank you.")

    first = {"at": ANSWER["at"], "rating": "down"}
    assert answers.sent == [("feedback", first), ("feedback", {**first, "comment": "It is 30 days."})]


def test_the_true_count_of_tokens_is_shown(lone_page: Page) -> None:
    """That of the budget, and when all are there again."""
    page = lone_page
    Answers(page)
    page.goto("/")

    expect(page.locator(".usage")).to_contain_text("640 of 1,000 tokens today")
    expect(page.locator(".usage")).not_to_contain_text("at least")
    expect(page.locator(".usage")).to_contain_text("All are there again at")


def test_a_document_is_sent_and_told_of_and_removed(lone_page: Page, tmp_path: Path) -> None:
    """The form goes to the bucket that the policy names, its fields before the file."""
    page = lone_page
    answers = Answers(page)
    page.goto("/")
    file = tmp_path / "leave.txt"
    file.write_text("Leave is 28 days.", encoding="utf-8")

    page.get_by_label("Add a document").set_input_files(file)

    expect(page.locator(".documents li")).to_contain_text("leave.txt")
    expect(page.locator(".documents li")).to_contain_text("accepted")
    expect(page.get_by_role("status").first).to_contain_text("leave.txt is accepted")
    (_, wanted), (form,) = answers.sent[0], answers.forms
    assert (wanted["size"], wanted["type"], len(wanted["sha256"])) == (17, "text/plain", 64)
    assert form.index('name="key"') < form.index('name="file"')
    page.get_by_role("button", name="Remove leave.txt").press("Enter")
    expect(page.locator(".documents")).to_contain_text("None yet.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refusal_is_told_with_its_reason_in_both_schemes(lone_page: Page, tmp_path: Path, scheme: str) -> None:
    """As text, whatever it says, with enough contrast, and every control has a name."""
    page = lone_page
    answers = Answers(page)
    answers.becomes = {"status": "refused", "refused": {"code": "macro", "message": "the document <b>holds</b> macros"}}
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/")
    _ask(page)
    page.get_by_role("button", name="Of use").click()
    file = tmp_path / "a.docx"
    file.write_bytes(b"PK")
    page.get_by_label("Add a document").set_input_files(file)

    expect(page.locator(".own-documents [role=alert]")).to_contain_text("was refused: the document <b>holds</b> macros")
    page.screenshot(path=tmp_path / f"documents-{scheme}.png")
    assert {text: ratio for text, ratio in contrasts(page).items() if ratio < 4.5} == {}
    assert unnamed_controls(page) == []


def test_a_narrow_screen_has_room_for_all(lone_page: Page) -> None:
    """Nothing is wider than it."""
    page = lone_page
    Answers(page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    _ask(page)
    page.get_by_text("Conversations and usage").click()
    expect(page.get_by_label("Add a document")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
