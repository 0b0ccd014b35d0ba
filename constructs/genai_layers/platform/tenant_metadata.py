"""Documents that only one tenant may find: what lies beside them, and what a search asks for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from genai_layers.platform.errors import KnowledgeBaseError

SIDECAR_SUFFIX = ".metadata.json"
# S3 Vectors user guide: a filterable value and its key take 2 KB at most, all of a vector together.
_MOST_BYTES = 2048
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_RESERVED = ("AMAZON_BEDROCK_", "x-amz-")


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantMetadata:
    """
    To whom a document belongs, as the knowledge base keeps it and as a search must ask.

    A file `<document>.metadata.json` beside the document carries it. A search without the filter finds the documents
    of everybody, and IAM cannot demand one: the tenant comes from the token of the caller, in the one place that
    calls Retrieve, and a request can neither name nor leave it out.

    Attributes:
        tenant: Who may find the document.
        others: Further facts to filter by. Default: none.
        key: Under which key the tenant is kept. Default: `tenant`, which the chat of this library asks for.

    Raises:
        KnowledgeBaseError: The service would refuse the metadata; every fault is named.

    Example:
        >>> TenantMetadata(tenant="acme").filter()
        {'equals': {'key': 'tenant', 'value': 'acme'}}
    """

    tenant: str
    others: Mapping[str, str | int | bool] = field(default_factory=dict)
    key: str = "tenant"

    def __post_init__(self) -> None:
        faults = []
        if not self.tenant.strip():
            faults.append("tenant is empty: a document without one is found by nobody, or by everybody")
        if self.key in self.others:
            faults.append(f"others names {self.key!r} too: the tenant has that key")
        faults += [
            f"key {key!r}: use a letter, then up to 62 letters, digits and underscores, and no name of the service"
            for key in (self.key, *self.others)
            if not _KEY.fullmatch(key) or key.startswith(_RESERVED)
        ]
        size = len(self.sidecar().encode())
        if size > _MOST_BYTES:
            faults.append(f"the metadata has {size} bytes, allowed are {_MOST_BYTES}: leave out what nobody filters by")
        if faults:
            raise KnowledgeBaseError(faults)

    @staticmethod
    def sidecar_key(document_key: str) -> str:
        """
        Return the key of the file that lies beside a document.

        Args:
            document_key: Key of the document in its bucket.
        """
        return f"{document_key}{SIDECAR_SUFFIX}"

    def sidecar(self) -> str:
        """Return the content of the file that lies beside a document."""
        attributes = {self.key: self.tenant, **self.others}
        return json.dumps({"metadataAttributes": attributes}, sort_keys=True)

    def filter(self) -> dict[str, object]:
        """Return what a search for this tenant says in `vectorSearchConfiguration.filter`."""
        return {"equals": {"key": self.key, "value": self.tenant}}
