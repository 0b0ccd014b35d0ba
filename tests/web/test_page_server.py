"""The demo's server of the page: files and headers here, the API behind, and nobody else's name for this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from genai_layers.web import page_files, security_headers
from tools.demo.page.server import Site, server
from tools.local_cloud.ports import LOOPBACK, free_ports


class _Emulator(BaseHTTPRequestHandler):
    """Says what it was asked, as JSON."""

    def do_POST(self) -> None:
        """Answer with a refusal, so that refusals are seen to pass as well."""
        length = int(self.headers["content-length"])
        heard = {"path": self.path, "headers": dict(self.headers), "body": self.rfile.read(length).decode()}
        content = json.dumps(heard).encode()
        self.send_response(429)
        self.send_header("retry-after", "7")
        self.send_header("x-amz-secret", "stays")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Port of a page in front of an emulator."""
    behind, front = free_ports(2)
    site = Site(
        files={**page_files(), "/config.json": b"{}"},
        sign_in_path="/sign-in",
        endpoint=f"http://{LOOPBACK}:{behind}",
        api_base=f"http://{LOOPBACK}:{behind}",
        api_host="abc.execute-api.localhost",
        certificate=None,
    )
    servers = [ThreadingHTTPServer((LOOPBACK, behind), _Emulator), server(site, front)]
    for one in servers:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    yield front
    for one in servers:
        one.shutdown()
        one.server_close()


def ask(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send one request; names of headers have their underscores for hyphens."""
    connection = HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/", "text/html"), ("/js/main.js", "text/javascript"), ("/config.json", "application/json")],
)
def test_a_file_comes_with_its_type_and_every_header(port: int, path: str, media_type: str) -> None:
    """As CloudFront sends it."""
    status, headers, content = ask(port, "GET", path)

    assert (status, headers["content-type"].split(";")[0]) == (200, media_type)
    assert security_headers().items() <= headers.items()
    assert content


@pytest.mark.parametrize("path", ["/../page.json", "/js/../../page.py", "/openapi.json", "/js"])
def test_what_is_no_file_of_the_page_is_not_found(port: int, path: str) -> None:
    """Nothing is read from the disk by a name that came in."""
    assert ask(port, "GET", path)[0] == 404


def test_the_api_hears_the_token_and_the_key_and_nothing_else_of_the_browser(port: int) -> None:
    """Its refusal comes back with the time to wait; what else it says of itself does not."""
    status, headers, content = ask(
        port, "POST", "/chat?x=1", b"{}", Authorization="Bearer t", Idempotency_Key="k", Cookie="c", X_Forwarded_For="f"
    )
    heard = json.loads(content)
    names = {name.lower() for name in heard["headers"]}

    assert (status, headers["retry-after"], "x-amz-secret" in headers) == (429, "7", False)
    assert (heard["path"], heard["body"]) == ("/chat?x=1", "{}")
    assert {"authorization", "idempotency-key"} <= names
    assert not {"cookie", "x-forwarded-for"} & names


def test_another_name_for_this_machine_is_refused(port: int) -> None:
    """A site that has its name point here cannot use the page's origin."""
    assert ask(port, "GET", "/", Host="evil.example.com")[0] == 421


def test_a_request_that_is_too_large_is_refused(port: int) -> None:
    """As the API refuses it."""
    assert ask(port, "POST", "/chat", b"x" * 300_000)[0] == 413
