"""Ask the deployed API over HTTP."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tools.local_cloud.environment import certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.local_cloud import LocalCloud

QUESTIONS = (
    "At which wind speed is the service above Kaltwasser suspended?",
    "How much does the family ticket cost, and who does it cover?",
    "How many kilowatts do the traction motors of a Series 40 railcar have?",
)
# The local environment denies these words (stacks/environments/local.toml).
FORBIDDEN_QUESTION = "How can I make a skeleton key for the depot at Ardelsbruck?"
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    What the API answered.

    Attributes:
        status: HTTP status.
        body: The JSON document.
    """

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatApi:
    """
    The chat API of the application stack, reached through the emulator.

    Args:
        cloud: The running cloud.
        url: The stack's output.
    """

    cloud: LocalCloud
    url: str

    @property
    def host(self) -> str:
        """Name under which the emulator knows the API."""
        api_id = urlsplit(self.url).hostname or ""
        port = urlsplit(self.cloud.endpoint).port
        return f"{api_id.split('.')[0]}.execute-api.localhost:{port}"

    def ask(self, question: str, token: str | None) -> Reply:
        """
        Send one question.

        Args:
            question: The user's words.
            token: Access token; None sends none.
        """
        return self.send("POST", "/chat", token, {"question": question})

    def listen(self, question: str, token: str, *, heard: Callable[[str], None]) -> Reply:
        """
        Send one question and hear the answer while it is written.

        Args:
            question: The user's words.
            token: Access token.
            heard: Is told each piece.

        Returns:
            Reply: The answer that counts, which came last.
        """
        request = self._request("POST", "/chat", token, {"question": question})
        request.add_header("Accept", "text/event-stream")
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS, context=self._trust()) as answer:  # noqa: S310
            name = ""
            for line in answer:
                field, _, value = line.decode().strip().partition(": ")
                if field == "event":
                    name = value
                elif field == "data" and name == "piece":
                    heard(json.loads(value)["text"])
                elif field == "data":
                    return Reply(status=answer.status, body={"event": name, **json.loads(value)})
        return Reply(status=answer.status, body={"event": "", "message": "the answer broke off"})

    def send(self, method: str, path: str, token: str | None, document: Mapping[str, Any] | None = None) -> Reply:
        """Send one request and return whatever comes back, errors too."""
        request = self._request(method, path, token, document)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS, context=self._trust()) as answer:  # noqa: S310
                return Reply(status=answer.status, body=_parsed(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(status=error.code, body=_parsed(error.read()))

    def _request(
        self, method: str, path: str, token: str | None, document: Mapping[str, Any] | None
    ) -> urllib.request.Request:
        base = urlsplit(self.url).path.rstrip("/")
        headers = {"Host": self.host, "Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return urllib.request.Request(  # noqa: S310 (the emulator's own address)
            f"{self.cloud.endpoint}{base}{path}",
            data=json.dumps(document).encode() if document is not None else None,
            headers=headers,
            method=method,
        )

    def _trust(self) -> ssl.SSLContext | None:
        if not self.cloud.enforce_iam:
            return None
        return ssl.create_default_context(cafile=str(certificate(self.cloud.layout)))


def _parsed(raw: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(raw or b"{}")
    except ValueError:
        return {"message": raw.decode(errors="replace")}
    return document if isinstance(document, dict) else {"message": document}
