"""The page alone, against an API, a sign-in and a bucket that say what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, Route

from genai_layers.web import PageConfig, page_files
from tools.demo.page.server import Site, server
from tools.local_cloud.ports import LOOPBACK, free_ports

BUCKET = "https://quarantine.example.com"
CONFIG = PageConfig(
    user_pool_id="us-east-1_abc",
    client_id="c",
    sign_in_url="/sign-in",
    tokens_per_day=1_000,
    features=("documents", "playground"),
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


MODELS = [
    {"id": "a", "name": "Nova Lite", "input_usd_per_million": 0.06, "output_usd_per_million": 0.24, "max_output": 9},
    {"id": "b", "name": "Own", "input_usd_per_million": None, "output_usd_per_million": None, "max_output": 9},
]


class Answers:
    """An API, a sign-in and a bucket."""

    def __init__(self, page: Page) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.forms: list[str] = []
        self.events = ""
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
        page.route("**/playground/models", lambda route: route.fulfill(json=MODELS))
        page.route("**/playground", self._playground)
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

    def _playground(self, route: Route) -> None:
        self.sent.append(("playground", route.request.post_data_json))
        route.fulfill(body=self.events, headers={"content-type": "text/event-stream"})

    def _bucket(self, route: Route) -> None:
        self.forms.append((route.request.post_data_buffer or b"").decode())
        route.fulfill(status=204, headers={"access-control-allow-origin": "*"})


@contextmanager
def served() -> Iterator[str]:
    """Serve the page with the headers that bind a browser, and give its address."""
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
