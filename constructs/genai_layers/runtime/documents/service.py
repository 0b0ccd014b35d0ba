"""What a person does with documents: ask for an upload, see what became of it, remove it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from ..chat.errors import NotFoundError
from ..chat.model import Caller
from .errors import TooManyDocumentsError
from .model import KINDS, Document, Progress
from .records import Documents, held
from .request import Wanted
from .settings import UploadSettings


class Buckets(Protocol):
    """What is done with buckets on behalf of a person: nothing is read and no content written."""

    def upload(self, key: str, wanted: Wanted, media_type: str) -> Mapping[str, Any]:
        """Return address and fields of a form that uploads *wanted* to *key*, and nothing else."""

    def remove(self, document: Document) -> None:
        """Remove an accepted document, and then the file that says whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """
    What the service stands on.

    Attributes:
        settings: Settings of the function.
        documents: What is known of uploads.
        buckets: The buckets.
        now: The time, UTC.
        new_id: Makes the id of a document.
    """

    settings: UploadSettings
    documents: Documents
    buckets: Buckets
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    new_id: Callable[[], str] = field(default=lambda: uuid.uuid4().hex)


def begin(ports: Ports, caller: Caller, wanted: Wanted) -> tuple[Document, Mapping[str, Any]]:
    """
    Return the document that is now awaited, and the form that uploads it.

    Raises:
        TooManyDocumentsError: The caller has as many as one may.
    """
    document = Document(
        id=ports.new_id(),
        partition=caller.partition,
        tenant=caller.tenant,
        name=wanted.name,
        kind=wanted.kind,
        size=wanted.size,
        progress=Progress.WAITING,
        at_ms=int(ports.now().timestamp() * 1000),
    )
    # First added and then counted, so that many at once cannot each find room for one.
    ports.documents.add(document)
    if fault := _excess(ports, caller):
        ports.documents.remove(document)
        raise TooManyDocumentsError(fault)
    return document, ports.buckets.upload(document.waiting_key, wanted, KINDS[wanted.kind].media_type)


def _excess(ports: Ports, caller: Caller) -> str | None:
    settings = ports.settings
    count, size = held(ports.documents.all(caller.partition))
    if count > settings.most_documents:
        return f"you have {settings.most_documents} documents, as many as one may: remove one first"
    if size > settings.most_user_bytes:
        return f"your documents would have {size} bytes, allowed are {settings.most_user_bytes}: remove one first"
    return None


def find(ports: Ports, caller: Caller, document_id: str) -> Document:
    """
    Return a document of the caller.

    Raises:
        NotFoundError: There is none of theirs, whoever else's there is.
    """
    document = ports.documents.find(caller.partition, document_id)
    if document is None:
        raise NotFoundError("there is no such document of yours")
    return document


def remove(ports: Ports, caller: Caller, document_id: str) -> None:
    """
    Remove a document of the caller; the bucket's event has what was read of it forgotten.

    A document that is being looked into is forgotten first, so that it is taken away when the look ends.

    Raises:
        NotFoundError: There is none of theirs.
    """
    document = find(ports, caller, document_id)
    if document.progress is Progress.ACCEPTED:
        # The record goes last: while it is there, a removal that failed half-way can be asked for again.
        ports.buckets.remove(document)
    ports.documents.remove(document)
