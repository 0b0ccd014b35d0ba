"""The stand-in's HTTP face: the small part of the OpenAI chat API that an emulator of Bedrock calls."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tools.local_cloud.ports import LOOPBACK
from tools.local_cloud.stand_in import extract, prompt

MODEL = "local-stand-in"
# Sent with every answer, so that nobody takes it for a model's.
NOTICE_HEADER = "X-Local-Stand-In"
NOTICE = "extractive stand-in; quotes retrieved passages, not a language model"
_CHARACTERS_PER_TOKEN = 4
_LARGEST_REQUEST_BYTES = 4 * 1024 * 1024


def serve(port: int) -> None:
    """Answer on the loopback interface until the process is ended."""
    with ThreadingHTTPServer((LOOPBACK, port), Handler) as server:
        server.serve_forever()


def completion(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one chat-completions request."""
    messages = request.get("messages") or []
    text = extract.answer(prompt.read(messages))
    read = sum(_tokens(str(message.get("content") or "")) for message in messages)
    written = _tokens(text)
    return {
        "id": "chatcmpl-local-stand-in",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "system_fingerprint": NOTICE,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


class Handler(BaseHTTPRequestHandler):
    """One connection to the stand-in."""

    def do_GET(self) -> None:
        """Say that the server is well, or which models it has."""
        if self.path == "/health":
            self._send(HTTPStatus.OK, {"status": "ok", "notice": NOTICE})
        elif self.path == "/v1/models":
            self._send(HTTPStatus.OK, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        else:
            self._send(HTTPStatus.NOT_FOUND, {"error": {"message": f"nothing at {self.path}"}})

    def do_POST(self) -> None:
        """Answer a chat completion."""
        if self.path != "/v1/chat/completions":
            self._send(HTTPStatus.NOT_FOUND, {"error": {"message": f"nothing at {self.path}"}})
            return
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_REQUEST_BYTES:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": {"message": "the request is too long"}})
            return
        try:
            request = json.loads(self.rfile.read(length))
        except ValueError:
            self._send(HTTPStatus.BAD_REQUEST, {"error": {"message": "the request is not JSON"}})
            return
        self._send(HTTPStatus.OK, completion(request))

    def log_message(self, format: str, *args: Any) -> None:
        """Write the request line alone: prompts do not belong in a log."""
        print(self.address_string(), format % args, flush=True)

    def _send(self, status: HTTPStatus, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(NOTICE_HEADER, NOTICE)
        self.end_headers()
        self.wfile.write(body)


def _tokens(text: str) -> int:
    """About how many tokens *text* is."""
    return max(1, len(text) // _CHARACTERS_PER_TOKEN) if text else 0
