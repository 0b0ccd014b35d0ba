"""Asking, in a real Chromium against the application on the local cloud."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.web.look import contrasts, unnamed_controls
from tests.web.visit import Visit
from tools.demo import questions

pytestmark = pytest.mark.emulator

TICKET = questions.QUESTIONS[1]


def test_a_question_is_answered_with_a_source_that_opens(chat: Visit) -> None:
    """The mark in the answer leads to its passage, what it cost is shown, and the day's tokens are counted."""
    page, answer = chat.page, chat.page.locator("article.answer")
    chat.ask(TICKET)
    expect(answer).to_contain_text("120 crowns")
    expect(answer).to_contain_text("tokens read")
    expect(page.get_by_role("status")).to_contain_text("Answer: ")

    answer.get_by_role("button", name="Source 1").first.press("Enter")

    expect(answer.locator("summary").first).to_be_focused()
    expect(answer.locator("blockquote").first).to_be_visible()
    expect(answer.locator(".document").first).to_have_text("06-fares-and-tickets.txt")
    expect(page.locator(".usage")).to_contain_text(re.compile(r"[1-9][\d,]* of 200,000 tokens today"))
    chat.shoot("4-answer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_schemes_and_controls_have_names(chat: Visit, scheme: str) -> None:
    """Every text has a contrast of at least 4.5 to 1, a stopped answer too; what takes the focus says what it is."""
    chat.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    chat.ask(TICKET)
    chat.page.locator("article.answer summary").first.click()
    expect(chat.page.get_by_role("button", name="Ask")).to_be_enabled()
    chat.ask(questions.FORBIDDEN_QUESTION)
    expect(chat.page.locator("article.stopped")).to_contain_text("Stopped by the guardrail")
    chat.shoot(f"5-{scheme}")

    assert {text: ratio for text, ratio in contrasts(chat.page).items() if ratio < 4.5} == {}
    assert unnamed_controls(chat.page) == []


def test_a_reload_keeps_the_session_and_the_conversation(chat: Visit) -> None:
    """On a narrow screen: nothing is wider than it, tokens are counted anew, and the list opens what was asked."""
    page = chat.page
    chat.ask(TICKET)
    expect(page.locator(".conversations .open")).to_have_count(1)
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.get_by_label("Your question")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_text("Conversations and usage").click()
    expect(page.locator(".usage")).to_contain_text(re.compile(r"[1-9][\d,]* of"))
    page.locator(".conversations .open").first.click()

    expect(page.locator("article.question")).to_contain_text("family ticket")
    expect(page.locator("article.answer")).to_contain_text("120 crowns")
    expect(page.locator(".usage")).to_be_hidden()
    chat.shoot("6-narrow")


def test_waiting_is_shown_and_a_lost_answer_is_asked_for_once(chat: Visit) -> None:
    """The same key goes out twice, so the model is asked once; the person sees that it takes time."""
    keys: list[str] = []

    def lose_the_first(route: object) -> None:
        keys.append(route.request.headers["idempotency-key"])  # type: ignore[attr-defined]
        route.abort() if len(keys) == 1 else route.continue_()  # type: ignore[attr-defined]

    chat.page.route("**/chat", lose_the_first)
    chat.ask(TICKET)
    expect(chat.page.locator(".waiting")).to_contain_text("Searching the documents")
    expect(chat.page.get_by_role("button", name="Ask")).to_be_disabled()

    expect(chat.page.locator("article.answer")).to_contain_text("120 crowns")
    expect(chat.page.locator(".waiting")).to_have_count(0)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    chat.forgive("ERR_FAILED")


def test_an_answer_is_read_while_it_is_written_and_replaced_by_the_one_that_counts(chat: Visit) -> None:
    """Pieces are shown as text as they come; a guardrail that stops the answer on the way takes them back."""
    chat.page.evaluate(
        """() => {
            const ask = window.fetch;
            window.fetch = async (url, options) => {
                if (url !== "/chat") return ask(url, options);
                const events = new ReadableStream({ start(controller) {
                    window.tell = (text) => controller.enqueue(new TextEncoder().encode(text));
                    window.end = () => controller.close();
                } });
                return new Response(events, { headers: { "content-type": "text/event-stream" } });
            };
        }"""
    )
    usage = {"input_tokens": 1, "output_tokens": 1, "usd": None}
    answer = {
        "conversation_id": "0" * 32,
        "answer": "No.",
        "citations": [],
        "usage": usage,
        "stopped_by_guardrail": True,
    }
    chat.ask(TICKET)
    chat.page.wait_for_function("() => window.tell")

    chat.page.evaluate("""() => tell('event: piece\\ndata: {"text":"<b>The family"}\\n\\n')""")
    expect(chat.page.locator(".draft")).to_have_text("<b>The family")
    expect(chat.page.locator(".waiting")).to_contain_text("Writing the answer")
    chat.shoot("7-draft")
    chat.page.evaluate("(answer) => { tell(`event: answer\\ndata: ${answer}\\n\\n`); end(); }", json.dumps(answer))

    expect(chat.page.locator("article.answer")).to_contain_text("No.")
    expect(chat.page.locator(".draft")).to_have_count(0)


def test_what_a_model_writes_never_becomes_html(chat: Visit) -> None:
    """An answer with tags is shown as the characters that it is made of."""
    attack = '<img src=x onerror="document.title=1"><script>document.title=2</script> [x](javascript:document.title=3)'
    usage = {"input_tokens": 1, "output_tokens": 1, "usd": None}
    answer = {"conversation_id": "0" * 32, "answer": attack, "usage": usage, "stopped_by_guardrail": False}
    citation = {"text": attack, "source": f"s3://documents/{attack}", "score": 1}
    chat.page.route("**/chat", lambda route: route.fulfill(json={**answer, "citations": [citation]}))
    chat.ask(attack)

    expect(chat.page.locator("article.answer > .prose")).to_have_text(attack)
    assert chat.page.locator("article img, article script, article a").count() == 0
    assert chat.page.title() == "Chat over documents (local)"


def test_the_browser_itself_refuses_inline_code_and_other_hosts(visit: Visit) -> None:
    """The policy holds even where the page would have a fault."""
    visit.page.goto("/")
    found = visit.page.evaluate(
        """async () => {
            const seen = [];
            document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
            const attempt = (what, act) => { try { act(); } catch { seen.push(`${what} refused`); } };
            const script = document.createElement("script");
            attempt("html", () => { document.body.innerHTML = "<b>x</b>"; });
            attempt("script", () => { script.textContent = "window.ran = 1"; document.head.append(script); });
            await fetch("http://127.0.0.1:9/").catch(() => seen.push("fetch refused"));
            // Violations are reported a moment later.
            await new Promise((done) => setTimeout(done, 200));
            return { seen, ran: window.ran ?? null };
        }"""
    )

    assert found["ran"] is None
    assert {"html refused", "script refused", "connect-src", "fetch refused"} <= set(found["seen"])
    visit.complaints.clear()
    visit.hosts.discard("http://127.0.0.1:9")


def test_a_used_up_budget_says_when_more_is_there(chat: Visit) -> None:
    """The question is not lost, and the person knows when to come back."""
    error = {"code": "token_budget_exhausted", "message": "used up", "resets_at": "2026-11-26T00:00:00Z"}
    chat.page.route("**/chat", lambda route: route.fulfill(status=429, json={"error": error}))
    chat.ask("One more?")

    expect(chat.page.locator(".failure")).to_contain_text("The tokens of today are used up")
    expect(chat.page.get_by_label("Your question")).to_have_value("One more?")
    chat.forgive("429")


def test_a_conversation_is_deleted_only_when_that_is_meant(chat: Visit) -> None:
    """Escape keeps it; the button erases it, and it is gone from the list."""
    page = chat.page
    entries = page.locator(".conversations .open")
    chat.ask(TICKET)
    expect(entries).to_have_count(1)
    page.get_by_role("button", name="Delete “").click()
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert entries.count() == 1

    page.get_by_role("button", name="Delete “").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.locator(".conversations")).to_contain_text("None is kept yet")
    expect(page.locator("article")).to_have_count(0)
