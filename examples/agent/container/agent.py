"""
An agent that AgentCore can run: it answers `/ping` at once, and loads what it needs with the first request.

The service gives up on a container that has not answered after 60 seconds, and imports of large libraries take
longer than one thinks on a cold disk. So nothing but the standard library is imported before the server listens.
"""

from __future__ import annotations

import functools
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PORT = 8080
LONGEST_REQUEST_BYTES = 100_000


@functools.cache
def bedrock() -> Any:
    """Return the client of Bedrock, made when the first request asks for it."""
    import boto3

    return boto3.client("bedrock-runtime")


def answer(question: str) -> str:
    """
    Return what the model says.

    Args:
        question: What the caller asks; it is marked, so that the guardrail judges it as input.
    """
    said = bedrock().converse(
        modelId=os.environ["MODEL_ID"],
        system=[{"text": "You answer in one sentence."}],
        messages=[{"role": "user", "content": [{"guardContent": {"text": {"text": question}}}]}],
        guardrailConfig={
            "guardrailIdentifier": os.environ["GUARDRAIL_ID"],
            "guardrailVersion": os.environ["GUARDRAIL_VERSION"],
        },
        inferenceConfig={"maxTokens": 200},
    )
    return "".join(part.get("text", "") for part in said["output"]["message"]["content"])


class Agent(BaseHTTPRequestHandler):
    """What AgentCore asks: `GET /ping` and `POST /invocations`."""

    def do_GET(self) -> None:
        """Say that the agent is there."""
        if self.path == "/ping":
            self._send(200, {"status": "Healthy"})
        else:
            self._send(404, {"error": f"there is no {self.path}: ask /ping or /invocations"})

    def do_POST(self) -> None:
        """Answer a question."""
        if self.path != "/invocations":
            self._send(404, {"error": f"there is no {self.path}: ask /ping or /invocations"})
            return
        question = self._question()
        if question is None:
            self._send(400, {"error": 'the body is no question: send {"prompt": "..."} in 100,000 bytes at most'})
            return
        self._send(200, {"answer": answer(question)})

    def _question(self) -> str | None:
        length = int(self.headers.get("content-length", "0"))
        if not 0 < length <= LONGEST_REQUEST_BYTES:
            return None
        try:
            prompt = json.loads(self.rfile.read(length))["prompt"]
        except (ValueError, KeyError, TypeError):
            return None
        return prompt if isinstance(prompt, str) and prompt.strip() else None

    def _send(self, status: int, body: dict[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    ThreadingHTTPServer(("", PORT), Agent).serve_forever()
