"""Two models side by side in a real Chromium, against an API that says what the test wants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.alone import Answers
from tests.web.look import contrasts, unnamed_controls

pytestmark = pytest.mark.tool


def _event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _answer(model: int, text: str, usd: float | None, **changes: Any) -> str:
    whole = {
        "model": model,
        "model_id": "a",
        "text": text,
        "usage": {"input_tokens": 1200, "output_tokens": 34, "usd": usd},
        "first_words_ms": 210,
        "total_ms": 1450,
        "stop_reason": "end_turn",
        "stopped_by_guardrail": False,
    }
    return _event("answer", **{**whole, **changes})


def _compare(page: Page, answers: Answers, *events: str) -> None:
    answers.events = "".join(events)
    page.goto("/")
    page.get_by_role("button", name="Playground").press("Enter")
    page.get_by_label("Prompt", exact=True).fill("Why is the sky blue?")
    page.get_by_label("Temperature").fill("0.2")
    page.get_by_role("button", name="Compare").press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_models_are_compared(lone_page: Page, scheme: str, tmp_path: Path) -> None:
    """Each with its words as text, its tokens, its time and its price; from the keyboard, in both schemes."""
    page, answers = lone_page, Answers(lone_page)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    events = [
        _event("piece", model=0, text="A draft "),
        _event("piece", model=1, text="Another"),
        _answer(1, "<b>Rayleigh</b> scattering.", None, stopped_by_guardrail=True),
        _answer(0, "Short waves scatter more.", 0.000081),
    ]
    _compare(page, answers, *events)

    first, second = page.get_by_role("article").all()
    expect(first).to_contain_text("Short waves scatter more.")
    expect(first).not_to_contain_text("A draft")
    for fact in ("1,200", "34", "0.000081", "210 ms", "1,450 ms", "end_turn"):
        expect(first).to_contain_text(fact)
    expect(second.locator(".prose")).to_have_text("<b>Rayleigh</b> scattering.")
    expect(second).to_contain_text("stopped by the guardrail")
    expect(page.get_by_role("status").first).to_contain_text("Nova Lite answered in 1,450 ms. Own answered")
    assert answers.sent == [
        ("playground", {"prompt": "Why is the sky blue?", "models": ["a", "b"], "temperature": 0.2})
    ]
    page.screenshot(path=tmp_path / f"playground-{scheme}.png")
    assert {text: ratio for text, ratio in contrasts(page).items() if ratio < 4.5} == {}
    assert unnamed_controls(page) == []


def test_one_model_that_fails_leaves_the_other(lone_page: Page) -> None:
    """Its failure is told beside what the other said; the chat is as it was."""
    answers = Answers(lone_page)
    failed = _event("error", model=0, error={"code": "throttled", "message": "too many <i>requests</i>"})
    _compare(lone_page, answers, failed, _answer(1, "Blue.", None))

    first, second = lone_page.get_by_role("article").all()
    expect(first.get_by_role("alert")).to_have_text("too many <i>requests</i>")
    expect(second).to_contain_text("Blue.")
    lone_page.get_by_role("button", name="Chat", exact=True).press("Enter")
    expect(lone_page.get_by_label("Your question")).to_be_visible()


def test_it_fits_on_a_narrow_screen(lone_page: Page) -> None:
    """One column, nothing wider than the screen."""
    lone_page.set_viewport_size({"width": 360, "height": 740})
    _compare(lone_page, Answers(lone_page), _answer(0, "x" * 200, None), _answer(1, "Blue.", None))
    expect(lone_page.get_by_role("article").first).to_contain_text("xxx")

    assert lone_page.evaluate("document.documentElement.scrollWidth") <= 360
