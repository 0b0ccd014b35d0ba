"""Files of the page, and behind the same origin the API and the sign-in, as CloudFront's behaviours arrange them."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from genai_layers.web import API_PATHS, media_type, page_files, security_headers
from tools.local_cloud.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PATIENCE_SECONDS = 35
_MOST_BYTES = 256 * 1024
_PASSED_ON = ("accept", "authorization", "content-type", "idempotency-key", "x-amz-target")
_PASSED_BACK = ("content-type", "retry-after", "x-request-id", "idempotent-replayed", "cache-control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """
    What the server serves.

    Attributes:
        files: Files of the page by path, its settings among them.
        sign_in_path: Path that leads to Cognito.
        endpoint: Address of Cognito.
        api_base: Address of the API.
        api_host: Name under which the emulator knows the API.
        certificate: Certificate of the emulator; None where it speaks plain HTTP.
        connect: Origins that the page may call beside its own.
    """

    files: Mapping[str, bytes]
    sign_in_path: str
    endpoint: str
    api_base: str
    api_host: str
    certificate: str | None
    connect: Sequence[str] = ()

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read the settings in *file*, and the page."""
        settings = json.loads(file.read_text(encoding="utf-8"))
        config = json.dumps(settings.pop("config")).encode()
        return cls(files={**page_files(), "/config.json": config}, **settings)

    def target(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The address that *path* leads to and the headers that it needs, or None for a file."""
        plain = urlsplit(path).path
        if plain == self.sign_in_path:
            return f"{self.endpoint}/", {}
        if any(fnmatchcase(plain, pattern) for pattern in API_PATHS):
            return self.api_base + path, {"host": self.api_host}
        return None

    def trust(self) -> ssl.SSLContext | None:
        """How the emulator's certificate is verified."""
        return None if self.certificate is None else ssl.create_default_context(cafile=self.certificate)


def server(site: Site, port: int) -> ThreadingHTTPServer:
    """Make the server of *site*, for this machine alone."""
    handler = type("Handler", (_Handler,), {"site": site, "hosts": (f"{LOOPBACK}:{port}", f"localhost:{port}")})
    return ThreadingHTTPServer((LOOPBACK, port), handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "page"
    site: Site
    hosts: tuple[str, ...]

    def do_GET(self) -> None:
        """Answer with a file, or with what the API says."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Pass on what was sent."""
        length = int(self.headers.get("content-length") or 0)
        if length > _MOST_BYTES:
            self.close_connection = True
            self._send(413, {}, b"")
            return
        self._answer(self.rfile.read(length))

    do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a request names people's conversations."""

    def _answer(self, body: bytes) -> None:
        # Another site's name that was made to mean this machine must not reach the API through a browser.
        if self.headers.get("host") not in self.hosts:
            self._send(421, {}, b"")
            return
        target = self.site.target(self.path)
        if target is None:
            self._file()
        else:
            self._pass_on(*target, body)

    def _file(self) -> None:
        path = urlsplit(self.path).path
        path = "/index.html" if path == "/" else path
        content = self.site.files.get(path)
        if content is None or self.command != "GET":
            self._send(404, {"content-type": "text/plain; charset=utf-8"}, b"there is no such file")
            return
        self._send(200, {"content-type": media_type(path), "cache-control": "no-cache"}, content)

    def _pass_on(self, url: str, headers: dict[str, str], body: bytes) -> None:
        kept = {name: value for name in _PASSED_ON if (value := self.headers.get(name)) is not None}
        request = urllib.request.Request(  # noqa: S310 (the emulator's own address)
            url, data=body or None, headers={**kept, **headers}, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS, context=self.site.trust()) as answer:  # noqa: S310
                if answer.headers.get("transfer-encoding") == "chunked":
                    self._send_on(answer)
                else:
                    self._send(answer.status, _back(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                self._send(error.code, _back(error.headers), error.read())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            self._send(503, {"content-type": "application/json"}, b'{"message": "the local cloud does not answer"}')

    def _send_on(self, answer: http.client.HTTPResponse) -> None:
        """Pass on an answer as it comes."""
        self.send_response(answer.status)
        for name, value in {**self._bound(), **_back(answer.headers), "transfer-encoding": "chunked"}.items():
            self.send_header(name, value)
        self.end_headers()
        while piece := answer.read1():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _bound(self) -> dict[str, str]:
        """Return what binds the browser."""
        return security_headers(*self.site.connect)

    def _send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {**self._bound(), **headers, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _back(headers: Any) -> dict[str, str]:
    return {name: value for name in _PASSED_BACK if (value := headers.get(name)) is not None}
