"""The border to S3 and the registry of the other account."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from ..data_gate.lineage import StoredObject
from ..data_gate.objects import S3Objects

LARGEST_COPY_BYTES = 5 << 30
"""S3 API reference, CopyObject: larger objects are copied in parts."""

_PART_BYTES, _AT_ONCE = 1 << 30, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """
    One object that was copied.

    Attributes:
        size_bytes: Its size.
        checksum: SHA-256 that S3 worked out of the copy; of its parts where it has several.
        key_arn: Key that it is encrypted with.
    """

    size_bytes: int
    checksum: str
    key_arn: str


class Stores(Protocol):
    """What a receipt does with buckets and the registry."""

    def package(self, arn: str) -> Mapping[str, Any]:
        """Return the entry of the registry."""
        ...

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """Return what lies below *prefix*."""
        ...

    def copied(self, bucket: str, source: StoredObject, to_bucket: str, to: str, key_arn: str) -> Copied:
        """Copy an object as it was listed, under a key; one that changed since is refused."""
        ...


class AwsStores:
    """
    Buckets and registry as AWS has them.

    Args:
        s3: Client of S3.
        sagemaker: Client of SageMaker.
    """

    def __init__(self, s3: Any, sagemaker: Any) -> None:
        self._s3, self._sagemaker, self._objects = s3, sagemaker, S3Objects(s3)

    def package(self, arn: str) -> Mapping[str, Any]:
        """Return the entry of the registry."""
        found: Mapping[str, Any] = self._sagemaker.describe_model_package(ModelPackageName=arn)
        return found

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """Return what lies below *prefix*."""
        return self._objects.listed(bucket, prefix)

    def copied(self, bucket: str, source: StoredObject, to_bucket: str, to: str, key_arn: str) -> Copied:
        """Copy an object as it was listed, under a key; S3 refuses one that changed since."""
        target = {"Bucket": to_bucket, "Key": to}
        under = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_arn, "ChecksumAlgorithm": "SHA256"}
        pinned = {"CopySource": {"Bucket": bucket, "Key": source.key}, "CopySourceIfMatch": source.etag}
        if source.size_bytes <= LARGEST_COPY_BYTES:
            # Tags are left out: to read them would need one more grant of the other account.
            self._s3.copy_object(**target, **under, **pinned, TaggingDirective="REPLACE")
        else:
            self._in_parts(source.size_bytes, target, under, pinned)
        found = self._s3.head_object(**target, ChecksumMode="ENABLED")
        return Copied(
            size_bytes=found["ContentLength"],
            checksum=found.get("ChecksumSHA256", ""),
            key_arn=found.get("SSEKMSKeyId", ""),
        )

    def _in_parts(self, size: int, target: dict[str, str], under: dict[str, str], pinned: dict[str, Any]) -> None:
        upload = self._s3.create_multipart_upload(**target, **under)["UploadId"]

        def copy(part: int) -> dict[str, Any]:
            start = (part - 1) * _PART_BYTES
            span = f"bytes={start}-{min(start + _PART_BYTES, size) - 1}"
            answer = self._s3.upload_part_copy(
                **target, **pinned, UploadId=upload, PartNumber=part, CopySourceRange=span
            )["CopyPartResult"]
            return {"PartNumber": part, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]}

        count = -(-size // _PART_BYTES)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            parts = list(pool.map(copy, range(1, count + 1)))
        self._s3.complete_multipart_upload(**target, UploadId=upload, MultipartUpload={"Parts": parts})
