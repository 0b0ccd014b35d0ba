"""A fleet on the loopback interface under TLS, a guardrail that remembers what it judged, and a chat with models."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from genai_layers.runtime.chat.fleet import Fleet
from genai_layers.runtime.chat.judge import Judge
from genai_layers.runtime.chat.model import Completion
from genai_layers.runtime.chat.named_models import Choice, Kind, NamedModel
from genai_layers.runtime.chat.ports import Answers
from genai_layers.runtime.chat.router import Router
from genai_layers.runtime.chat.self_hosted import SelfHosted
from tests.runtime.fakes import SETTINGS, Chat, FakeModel

KEY = "k3y"


class FakeGuardrail:
    """
    ApplyGuardrail, its requests checked by botocore against the service's own model.

    Args:
        client: A real client of bedrock-runtime.
        verdict: Makes the response of source and texts; None lets all pass.
    """

    def __init__(self, client: Any, verdict: Callable[[str, list[str]], dict[str, Any] | None] | None = None) -> None:
        self._shape = client.meta.service_model.operation_model("ApplyGuardrail").input_shape
        self._verdict = verdict or (lambda source, texts: None)
        self.requests: list[dict[str, Any]] = []

    def apply_guardrail(self, **request: Any) -> dict[str, Any]:
        report = ParamValidator().validate(request, self._shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
        self.requests.append(request)
        made = self._verdict(request["source"], [block["text"]["text"] for block in request["content"]])
        return {"action": "NONE", "outputs": [], "assessments": []} if made is None else made

    def judged(self, source: str) -> list[str]:
        """Return the texts that were judged as *source*, without what they were compared with."""
        return [
            block["text"]["text"]
            for request in self.requests
            if request["source"] == source
            for block in request["content"]
            if block["text"].get("qualifiers", ["guard_content"]) == ["guard_content"]
        ]


def intervened(action: str, *outputs: str) -> dict[str, Any]:
    """Return a verdict of the guardrail that blocks (`BLOCKED`) or masks (`ANONYMIZED`)."""
    found = {"sensitiveInformationPolicy": {"piiEntities": [{"type": "NAME", "match": "x", "action": action}]}}
    return {
        "action": "GUARDRAIL_INTERVENED",
        "outputs": [{"text": text} for text in outputs],
        "assessments": [found],
    }


class Machines:
    """
    What a fleet is asked and what it answers.

    Attributes:
        answers: What it says next: text, or a status, or raw lines of a stream.
        requests: Bodies and headers that came.
    """

    def __init__(self, *answers: str | int | bytes) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[dict[str, Any], dict[str, str]]] = []


@contextmanager
def fleet(machines: Machines, certificates: Path) -> Iterator[str]:
    """
    Serve *machines* and return their address.

    Args:
        machines: What answers.
        certificates: Folder with what `certificates_in` made.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Engine,), {"machines": machines}))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Engine(BaseHTTPRequestHandler):
    machines: Machines

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.machines.requests.append((body, {name.lower(): value for name, value in self.headers.items()}))
        answer = self.machines.answers.pop(0) if self.machines.answers else "You have 28 days [1]."
        if self.headers["authorization"] != f"Bearer {KEY}":
            answer = 401
        if isinstance(answer, int):
            self.send_error(answer)
            return
        streamed = answer if isinstance(answer, bytes) else b"".join(events(answer))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(streamed if body.get("stream") else json.dumps(whole(str(answer))).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def whole(text: str, reason: str = "stop") -> dict[str, Any]:
    """Return an answer of the protocol."""
    return {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20},
    }


def events(text: str, reason: str = "stop") -> Iterator[bytes]:
    """Return the events of an answer of the protocol, as vLLM sends them."""
    frame = {"object": "chat.completion.chunk"}
    for start in range(0, len(text), 5):
        delta = {"index": 0, "delta": {"content": text[start : start + 5]}, "finish_reason": None}
        yield b"data: " + json.dumps({**frame, "choices": [delta]}).encode() + b"\n\n"
    end = {"index": 0, "delta": {}, "finish_reason": reason}
    yield b"data: " + json.dumps({**frame, "choices": [end]}).encode() + b"\n\n"
    usage = {"prompt_tokens": 100, "completion_tokens": 20}
    yield b"data: " + json.dumps({**frame, "choices": [], "usage": usage}).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


class Secrets:
    """The secret of a fleet."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys or [KEY])
        self.reads = 0

    def get_secret_value(self, **_: str) -> dict[str, str]:
        self.reads += 1
        return {"SecretString": self.keys[min(self.reads, len(self.keys)) - 1]}


def hosted(url: str, certificates: Path, guardrail: FakeGuardrail, secrets: Secrets | None = None) -> SelfHosted:
    """Return the model at *url*, as the chat asks it."""
    context = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
    border = Fleet(url, "arn:secret", secrets=lambda: secrets or Secrets(), context=context)
    return SelfHosted(border, Judge(SETTINGS, guardrail, sleep=lambda _: None), served_name="llama")


def named(name: str, kind: Kind = Kind.BEDROCK, **prices: Any) -> NamedModel:
    """Return a model with a name."""
    return NamedModel(name=name, kind=kind, target=name, **prices)


class Scripted:
    """A model that says or raises what it is told to, and counts how often it was asked."""

    def __init__(self, *answers: Completion | Exception) -> None:
        self._fake = FakeModel(*answers)

    @property
    def asked(self) -> int:
        return len(self._fake.requests)

    def converse(self, request: Mapping[str, Any], seconds_left: Any, tell: Any = None) -> Completion:
        return self._fake.converse(request, seconds_left, tell)


def chat_with(
    models: Sequence[tuple[NamedModel, Answers]], *, choice: Choice = Choice.IN_ORDER, **changes: Any
) -> Chat:
    """Return a chat with named models."""
    chat = Chat(models=tuple(one for one, _ in models), model_id="auto", model_choice=choice, **changes)
    chat.context.milliseconds = 290_000
    chat.ports = replace(chat.ports, models=Router(models, choice, sleep=lambda _: None))
    return chat


def certificates_in(folder: Path) -> Path:
    """Make a certificate authority (`ca.pem`) and a server of it (`server.pem`) in *folder*, and return it."""
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)

    def certificate(name: str, key: Any, issuer: str, signer: Any, extension: Any) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(extension, critical=True)
            .sign(signer, hashes.SHA256())
        )

    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    own = certificate("ca", authority, "ca", authority, x509.BasicConstraints(ca=True, path_length=None))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))])
    theirs = certificate("localhost", server, "ca", authority, names)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(own.public_bytes(pem))
    (folder / "server.pem").write_bytes(
        server.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + theirs.public_bytes(pem)
    )
    return folder
