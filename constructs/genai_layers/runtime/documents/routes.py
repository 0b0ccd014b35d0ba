"""What each route does: read the request, call one function of the service, shape its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..chat import request as bodies
from ..chat.model import Caller
from ..chat.shape import dumps
from . import request, service
from .model import KINDS, Document
from .service import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One request.

    Attributes:
        event: Event of the REST API.
        caller: Who asks.
        ports: What the service stands on.
    """

    event: Mapping[str, Any]
    caller: Caller
    ports: Ports


def begin(call: Call) -> tuple[int, str]:
    """Let the caller upload a document."""
    wanted = request.read(bodies.body(call.event), most_bytes=call.ports.settings.most_bytes)
    document, form = service.begin(call.ports, call.caller, wanted)
    return 201, dumps({**_shown(document), "upload": {"url": form["url"], "fields": form["fields"]}})


def list_all(call: Call) -> tuple[int, str]:
    """List the caller's documents."""
    settings = call.ports.settings
    documents = call.ports.documents.all(call.caller.partition)
    limits = {
        "bytes": settings.most_bytes,
        "documents": settings.most_documents,
        "user_bytes": settings.most_user_bytes,
        "types": {f".{end}": kind.media_type for kind in KINDS.values() for end in kind.ends},
    }
    return 200, dumps({"documents": [_shown(one) for one in documents], "limits": limits})


def read(call: Call) -> tuple[int, str]:
    """Tell what became of a document of the caller."""
    return 200, dumps(_shown(service.find(call.ports, call.caller, _id(call))))


def remove(call: Call) -> tuple[int, str]:
    """Remove a document of the caller."""
    service.remove(call.ports, call.caller, _id(call))
    return 204, ""


ROUTES: Mapping[str, Callable[[Call], tuple[int, str]]] = {
    "POST /documents": begin,
    "GET /documents": list_all,
    "GET /documents/{id}": read,
    "DELETE /documents/{id}": remove,
}
"""Every route, by method and path."""


def _id(call: Call) -> str:
    value = str((call.event.get("pathParameters") or {}).get("id", ""))
    return value if request.DOCUMENT_ID.fullmatch(value) else "none"


def _shown(document: Document) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": document.id,
        "name": document.name,
        "type": KINDS[document.kind].media_type,
        "size": document.size,
        "status": document.progress.value,
        "uploaded_at": f"{datetime.fromtimestamp(document.at_ms // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    if document.reason:
        shown["refused"] = {"code": document.reason, "message": document.message}
    return shown
