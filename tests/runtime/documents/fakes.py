"""Uploads with fakes behind them, called as the REST API and EventBridge call them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from genai_layers.runtime.document_scan.handler import judge
from genai_layers.runtime.document_scan.scanning import Scan
from genai_layers.runtime.documents.handler import respond
from genai_layers.runtime.documents.model import KINDS, Document
from genai_layers.runtime.documents.records import Documents
from genai_layers.runtime.documents.request import Wanted
from genai_layers.runtime.documents.service import Ports
from genai_layers.runtime.documents.settings import UploadSettings
from tests.runtime.fakes import Clock, event
from tests.runtime.memory_store import MemoryStore

SETTINGS = UploadSettings(
    table_name="uploads",
    quarantine_bucket="quarantine",
    document_bucket="documents",
    key_arn="arn:aws:kms:us-east-1:111122223333:key/k",
    allowed_clients=("1example23456789",),
)


class FakeBuckets:
    """Both buckets, as either function sees them."""

    def __init__(self) -> None:
        self.quarantine: dict[str, bytes] = {}
        self.documents: dict[str, bytes] = {}
        self.order: list[str] = []
        self.tags: dict[str, str] = {}

    def upload(self, key: str, wanted: Wanted, media_type: str) -> Mapping[str, Any]:
        return {"url": "https://quarantine.example", "fields": {"key": key, "Content-Type": media_type}}

    def remove(self, document: Document) -> None:
        for key in (document.key, document.metadata_key):
            self.take_back(key)

    def waiting(self, key: str, version: str | None, most_bytes: int) -> bytes:
        return self.quarantine[key][: most_bytes + 1]

    def verdict(self, key: str, version: str | None) -> str | None:
        return self.tags.get(key)

    def put(self, key: str, content: bytes, media_type: str) -> None:
        self.order.append(key)
        self.documents[key] = content

    def take_back(self, key: str) -> None:
        self.documents.pop(key, None)


class Uploads:
    """Both functions on one table and the same buckets."""

    def __init__(self, *, asks_guard_duty: bool = False, **changes: Any) -> None:
        self.store = MemoryStore()
        self.clock = Clock()
        self.buckets = FakeBuckets()
        self.settings = replace(SETTINGS, **changes)
        documents = Documents(self.store, refused_days=self.settings.refused_days, now=self.clock)
        self.ports = Ports(settings=self.settings, documents=documents, buckets=self.buckets, now=self.clock)
        self.scan = Scan(
            documents=documents,
            places=self.buckets,
            most_bytes=self.settings.most_bytes,
            asks_guard_duty=asks_guard_duty,
        )

    def send(self, route: str, **options: Any) -> tuple[int, Any]:
        """Return status and body of the response to a request."""
        response = respond(event(route, **options), "request-1", lambda: self.ports)
        return response["statusCode"], json.loads(response["body"]) if response["body"] else None

    def ask(self, name: str, size: int, kind: str = "txt", **options: Any) -> tuple[int, Any]:
        """Ask for an upload."""
        body = {"name": name, "size": size, "type": KINDS[kind].media_type}
        return self.send("POST /documents", body=body, **options)

    def upload(self, name: str, content: bytes, kind: str = "txt", **options: Any) -> str:
        """Upload a document and return its id; it is not looked into yet."""
        _, body = self.ask(name, len(content), kind, **options)
        self.buckets.quarantine[body["upload"]["fields"]["key"]] = content
        return str(body["id"])

    def arrived(self) -> None:
        """Tell the scan of everything in quarantine."""
        for key in self.buckets.quarantine:
            judge({"detail": {"object": {"key": key, "version-id": "v1"}}}, self.scan)

    def read(self, document_id: str, **options: Any) -> dict[str, Any]:
        """Return what is told of a document."""
        _, body = self.send("GET /documents/{id}", path={"id": document_id}, **options)
        return dict(body)
