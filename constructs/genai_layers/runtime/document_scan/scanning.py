"""One document out of quarantine: looked into, then put where it may be retrieved, or refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from ..documents.model import KINDS, Document, Progress, owner_of
from ..documents.records import Documents
from . import inspection
from .refusal import Reason, RefusedError

CLEAN = "NO_THREATS_FOUND"
"""What GuardDuty's tag says of an object without malware."""


class Places(Protocol):
    """Quarantine, which is read, and the bucket of documents, which is written."""

    def waiting(self, key: str, version: str | None, most_bytes: int) -> bytes:
        """Return a document in quarantine, and no more of it than *most_bytes* and one."""

    def verdict(self, key: str, version: str | None) -> str | None:
        """Return what GuardDuty's tag says of a document in quarantine."""

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Write into the bucket of documents."""

    def take_back(self, key: str) -> None:
        """Remove from the bucket of documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """
    What a scan stands on.

    Attributes:
        documents: What is known of uploads.
        places: The buckets.
        most_bytes: Bytes of the largest document.
        asks_guard_duty: Whether GuardDuty's tag decides first.
    """

    documents: Documents
    places: Places
    most_bytes: int
    asks_guard_duty: bool


def scan(ports: Scan, key: str, version: str | None) -> tuple[Document | None, RefusedError | None]:
    """
    Judge the document at *key*, which may be told of more than once.

    Args:
        ports: What a scan stands on.
        key: Key in quarantine.
        version: Version there, which nobody can change; None where the bucket keeps none.

    Returns:
        The document, None where there was nothing to judge; and why it was refused.
    """
    partition, document_id = owner_of(key)
    document = ports.documents.find(partition, document_id)
    if document is None or not ports.documents.move(document, Progress.SCANNING):
        return None, None
    try:
        content = _checked(ports, document, key, version)
    except RefusedError as refusal:
        ports.documents.move(document, Progress.REFUSED, reason=refusal.reason.value, message=refusal.message)
        return document, refusal
    if document.tenant is not None:
        # First whose it is, then the document: it is at no moment there without a tenant.
        attributes = {"metadataAttributes": {"tenant": document.tenant}}
        ports.places.put(document.metadata_key, json.dumps(attributes).encode(), "application/json")
    ports.places.put(document.key, content, KINDS[document.kind].media_type)
    if not ports.documents.move(document, Progress.ACCEPTED) and ports.documents.find(partition, document_id) is None:
        # It was removed meanwhile.
        for written in (document.key, document.metadata_key):
            ports.places.take_back(written)
        return None, None
    return document, None


def _checked(ports: Scan, document: Document, key: str, version: str | None) -> bytes:
    if ports.asks_guard_duty and ports.places.verdict(key, version) != CLEAN:
        raise RefusedError(Reason.MALWARE, "the document was not found to be free of malware")
    content = ports.places.waiting(key, version, ports.most_bytes)
    if len(content) > ports.most_bytes:
        raise RefusedError(Reason.SIZE, "the document is larger than is allowed")
    inspection.inspect(content, kind=document.kind, size=document.size)
    return content
