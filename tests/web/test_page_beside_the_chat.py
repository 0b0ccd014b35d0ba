"""Feedback, usage and documents in a real Chromium, against an API that says what the test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route, expect

from genai_layers.web import PageConfig, page_files
from tests.web.look import contrasts, unnamed_controls
from tools.demo.page.server import Site, server
from tools.local_cloud.ports import LOOPBACK, free_ports

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.tool

BUCKET = "https://quarantine.example.com"
CONFIG = PageConfig(
    user_pool_id="us-east-1_abc", client_id="c", sign_in_url="/sign-in", tokens_per_day=1_000, features=("documents",)
)
ANSWER = {
    "conversation_id": "0" * 32,
    "at": "2026-11-25T12:00:00.042Z",
    "answer": "Leave is 28 days a year.",
    "citations": [],
    "usage": {"input_tokens": 90, "output_tokens": 10, "usd": 0.001},
    "stopped_by_guardrail": False,
    "stop_reason": "answered",
}
USAGE = {
    "budgets": [{"of": "user", "tokens": 640, "tokens_per_day": 1_000}],
    "resets_at": "2026-11-26T00:00:00Z",
}


class Answers:
    """An API, a sign-in and a bucket."""

    def __init__(self, page: Page) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.forms: list[str] = []
        self.documents: list[dict[str, Any]] = []
        self.becomes: dict[str, Any] = {"status": "accepted"}
        page.route("**/sign-in", self._sign_in)
        page.route("**/chat", lambda route: route.fulfill(json=ANSWER))
        page.route("**/usage", lambda route: route.fulfill(json=USAGE))
        page.route("**/v1/models", lambda route: route.fulfill(json={"data": [{"id": "a-model"}]}))
        page.route("**/conversations", lambda route: route.fulfill(json={"conversations": [], "after": None}))
        page.route("**/feedback", self._feedback)
        page.route("**/documents", self._documents)
        page.route("**/documents/*", self._document)
        page.route(f"{BUCKET}/**", self._bucket)

    def _sign_in(self, route: Route) -> None:
        tokens = {"AccessToken": "a", "RefreshToken": "r", "ExpiresIn": 900}
        route.fulfill(json={"AuthenticationResult": tokens})

    def _feedback(self, route: Route) -> None:
        self.sent.append(("feedback", route.request.post_data_json))
        route.fulfill(status=204)

    def _documents(self, route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(json={"documents": self.documents})
            return
        wanted = route.request.post_data_json
        self.sent.append(("upload", wanted))
        self.documents = [{"id": "d1", "name": wanted["name"], "status": "waiting"}]
        form = {"url": f"{BUCKET}/", "fields": {"key": "a/d1", "Content-Type": wanted["type"]}}
        route.fulfill(status=201, json={**self.documents[0], "upload": form})

    def _document(self, route: Route) -> None:
        if route.request.method == "DELETE":
            self.documents = []
            route.fulfill(status=204)
            return
        self.documents = [{**self.documents[0], **self.becomes}]
        route.fulfill(json=self.documents[0])

    def _bucket(self, route: Route) -> None:
        self.forms.append((route.request.post_data_buffer or b"").decode())
        route.fulfill(status=204, headers={"access-control-allow-origin": "*"})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page alone, with the headers that bind a browser."""
    (port,) = free_ports(1)
    site = Site(
        files={**page_files(), "/config.json": json.dumps(CONFIG.document()).encode()},
        sign_in_path="/sign-in",
        endpoint="http://127.0.0.1:1",
        api_base="http://127.0.0.1:1/api",
        api_host="a",
        certificate=None,
        connect=(BUCKET,),
    )
    with server(site, port) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{port}"
        serving.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page of somebody who is signed in."""
    context = browser.new_context(viewport={"width": 1100, "height": 860}, base_url=address)
    context.add_init_script("sessionStorage.session = JSON.stringify({username: 'ada', refresh: 'r'})")
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield made
    context.close()
    assert complaints == []


def _ask(page: Page) -> None:
    page.get_by_label("Your question").fill("How much leave?")
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_contain_text("28 days")


def test_an_answer_is_rated_from_the_keyboard(page: Page) -> None:
    """The buttons say what they are and which is pressed; a comment can follow."""
    answers = Answers(page)
    page.goto("/")
    _ask(page)
    down = page.get_by_role("button", name="Of no use")
    expect(down).to_have_attribute("aria-pressed", "false")

    down.press("Enter")
    expect(down).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Why?").fill("It is 30 days.")
    page.keyboard.press("Enter")
    expect(page.locator(".feedback [role=status]")).to_have_text("Thank you.")

    first = {"at": ANSWER["at"], "rating": "down"}
    assert answers.sent == [("feedback", first), ("feedback", {**first, "comment": "It is 30 days."})]


def test_the_true_count_of_tokens_is_shown(page: Page) -> None:
    """That of the budget, and when all are there again."""
    Answers(page)
    page.goto("/")

    expect(page.locator(".usage")).to_contain_text("640 of 1,000 tokens today")
    expect(page.locator(".usage")).not_to_contain_text("at least")
    expect(page.locator(".usage")).to_contain_text("All are there again at")


def test_a_document_is_sent_and_told_of_and_removed(page: Page, tmp_path: Path) -> None:
    """The form goes to the bucket that the policy names, its fields before the file."""
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
def test_a_refusal_is_told_with_its_reason_in_both_schemes(page: Page, tmp_path: Path, scheme: str) -> None:
    """As text, whatever it says, with enough contrast, and every control has a name."""
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


def test_a_narrow_screen_has_room_for_all(page: Page) -> None:
    """Nothing is wider than it."""
    Answers(page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    _ask(page)
    page.get_by_text("Conversations and usage").click()
    expect(page.get_by_label("Add a document")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
