"""Quarantine and documents in S3."""

from __future__ import annotations

from typing import Any

from ..shared.clients import client as make_client

_TAG = "GuardDutyMalwareScanStatus"


class S3Places:
    """
    The two buckets.

    Args:
        quarantine: Bucket that is read.
        documents: Bucket that is written.
        client: S3 client. Default: the one of the process.
    """

    def __init__(self, quarantine: str, documents: str, *, client: Any | None = None) -> None:
        self._quarantine = quarantine
        self._documents = documents
        self._client = client or make_client("s3")

    def waiting(self, key: str, version: str | None, most_bytes: int) -> bytes:
        """Return a document in quarantine, and no more of it than *most_bytes* and one."""
        answer = self._client.get_object(Bucket=self._quarantine, Key=key, **_of(version))
        content: bytes = answer["Body"].read(most_bytes + 1)
        return content

    def verdict(self, key: str, version: str | None) -> str | None:
        """Return what GuardDuty's tag says of a document in quarantine."""
        answer = self._client.get_object_tagging(Bucket=self._quarantine, Key=key, **_of(version))
        return next((str(tag["Value"]) for tag in answer["TagSet"] if tag["Key"] == _TAG), None)

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Write into the bucket of documents, under the bucket's own key."""
        self._client.put_object(
            Bucket=self._documents, Key=key, Body=content, ContentType=media_type, ChecksumAlgorithm="SHA256"
        )

    def take_back(self, key: str) -> None:
        """Remove from the bucket of documents."""
        self._client.delete_object(Bucket=self._documents, Key=key)


def _of(version: str | None) -> dict[str, str]:
    return {} if version is None else {"VersionId": version}
