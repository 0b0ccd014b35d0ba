"""The buckets of uploads in S3."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from ..shared.clients import client as make_client
from .model import Document
from .request import Wanted
from .settings import UploadSettings


class S3Buckets:
    """
    Quarantine and documents.

    Args:
        settings: Settings of the function.
        client: S3 client. Default: the one of the process.
    """

    def __init__(self, settings: UploadSettings, *, client: Any | None = None) -> None:
        self._settings = settings
        self._client = client or make_client("s3")

    def upload(self, key: str, wanted: Wanted, media_type: str) -> Mapping[str, Any]:
        """Return address and fields of a form; S3 refuses another key, size, type, key of encryption or content."""
        fields = {
            "Content-Type": media_type,
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": self._settings.key_arn,
            "x-amz-checksum-algorithm": "SHA256",
        }
        if wanted.sha256 is not None:
            fields["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(wanted.sha256)).decode()
        exact: list[Any] = [{name: value} for name, value in fields.items()]
        made: Mapping[str, Any] = self._client.generate_presigned_post(
            self._settings.quarantine_bucket,
            key,
            Fields=fields,
            Conditions=[*exact, ["content-length-range", wanted.size, wanted.size]],
            ExpiresIn=self._settings.minutes * 60,
        )
        return made

    def remove(self, document: Document) -> None:
        """Remove the document first: without the other file it would be found by nobody, or by everybody."""
        for key in (document.key, document.metadata_key):
            self._client.delete_object(Bucket=self._settings.document_bucket, Key=key)
