"""The border to S3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .lineage import StoredObject

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """
    One version of an object, being read.

    Attributes:
        version_id: The version; a later write does not change it.
        chunks: Its content.
    """

    version_id: str
    chunks: Iterator[bytes]


class Objects(Protocol):
    """What the gate does with buckets."""

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """Return what lies below *prefix*."""
        ...

    def opened(self, bucket: str, key: str) -> Opened:
        """Open the newest version of an object."""
        ...

    def copied(self, bucket: str, key: str, version_id: str, to: str) -> None:
        """Copy one version of an object within its bucket."""
        ...

    def written(self, bucket: str, key: str, content: Mapping[str, Any]) -> None:
        """Write JSON; the bucket keeps what was there before as an older version."""
        ...


class S3Objects:
    """
    Buckets as S3 has them.

    Args:
        client: Client of S3.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """Return what lies below *prefix*."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [
            StoredObject(key=each["Key"], size_bytes=each["Size"], etag=each["ETag"].strip('"'))
            for page in pages
            for each in page.get("Contents", [])
        ]

    def opened(self, bucket: str, key: str) -> Opened:
        """Open the newest version of an object."""
        answer = self._client.get_object(Bucket=bucket, Key=key)
        return Opened(version_id=answer["VersionId"], chunks=answer["Body"].iter_chunks(_CHUNK))

    def copied(self, bucket: str, key: str, version_id: str, to: str) -> None:
        """Copy one version of an object within its bucket; up to 5 GB, which is more than the gate reads."""
        source = {"Bucket": bucket, "Key": key, "VersionId": version_id}
        self._client.copy_object(Bucket=bucket, Key=to, CopySource=source)

    def written(self, bucket: str, key: str, content: Mapping[str, Any]) -> None:
        """Write JSON."""
        body = json.dumps(content, indent=1, sort_keys=True).encode()
        self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
