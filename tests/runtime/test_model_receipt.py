"""A model of another account is taken in only if it is the one that was judged, and all of it arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from genai_layers.runtime.data_gate.lineage import StoredObject, of_objects
from genai_layers.runtime.model_receipt.receive import Place, receive
from genai_layers.runtime.model_receipt.stores import LARGEST_COPY_BYTES, AwsStores, Copied

ARN = "arn:aws:sagemaker:us-east-1:111122223333:model-package/tuning/3"
KEY = "arn:aws:kms:us-east-1:444455556666:key/ours"
PLACE = Place(source_bucket="runs", bucket="store", key_arn=KEY)
PREFIX = "runs/0123/model/output/model/"
FILES = [
    StoredObject(key=f"{PREFIX}a.safetensors", size_bytes=10, etag="aa"),
    StoredObject(key=f"{PREFIX}sub/config.json", size_bytes=2, etag="bb"),
]


class TwoAccounts:
    """A registry entry, files, and copies of them."""

    def __init__(self, **changes: Any) -> None:
        self.files = list(FILES)
        self.copies: dict[str, Copied] = {}
        self.spoil: Any = lambda copy: copy
        source = {"S3Uri": f"s3://runs/{PREFIX}", "S3DataType": "S3Prefix", "CompressionType": "None", "ETag": "x"}
        self.entry: dict[str, Any] = {
            "ModelApprovalStatus": "Approved",
            "InferenceSpecification": {
                "Containers": [
                    {"Image": "vllm:1", "ImageDigest": "sha256:0", "ModelDataSource": {"S3DataSource": source}}
                ],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            },
            "ModelCard": {"ModelCardContent": "{}"},
            "CustomerMetadataProperties": {"run": "0123", "artifacts_sha256": of_objects(FILES, PREFIX)},
            **changes,
        }

    def package(self, arn: str) -> dict[str, Any]:
        """The entry."""
        assert arn == ARN
        return self.entry

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """The files."""
        assert (bucket, prefix) == ("runs", PREFIX)
        return self.files

    def copied(self, bucket: str, source: StoredObject, to_bucket: str, to: str, key_arn: str) -> Copied:
        """A copy, spoiled on demand."""
        assert (bucket, to_bucket) == ("runs", "store")
        made: Copied = self.spoil(
            Copied(size_bytes=source.size_bytes, checksum=f"sum of {source.etag}", key_arn=key_arn)
        )
        self.copies[to] = made
        return made


def test_what_was_judged_is_copied_under_our_key_and_keeps_its_history() -> None:
    """The entry here has our address and digest, and says where the model came from."""
    accounts = TwoAccounts()

    answer = receive(ARN, PLACE, accounts)

    assert (answer["passed"], answer["reasons"]) == (True, [])
    (container,) = answer["specification"]["Containers"]
    folder = container["ModelDataSource"]["S3DataSource"]["S3Uri"].removeprefix("s3://store/")
    assert sorted(accounts.copies) == [f"{folder}a.safetensors", f"{folder}sub/config.json"]
    assert set(container) == {"Image", "ModelDataSource"}
    assert set(container["ModelDataSource"]["S3DataSource"]) == {"S3Uri", "S3DataType", "CompressionType"}
    assert answer["properties"]["source_package"] == ARN
    assert answer["properties"]["run"] == "0123"
    assert answer["properties"]["artifacts_sha256"] != answer["properties"]["source_artifacts_sha256"]
    assert receive(ARN, PLACE, TwoAccounts()) == answer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ModelApprovalStatus": "Rejected"}, "it is Rejected where it comes from"),
        ({"CustomerMetadataProperties": {}}, "None was judged"),
        ({"CustomerMetadataProperties": {"artifacts_sha256": "0" * 64}}, "was judged"),
    ],
)
def test_a_model_that_nobody_judged_or_approved_is_refused_before_anything_is_copied(
    changes: dict[str, Any], reason: str
) -> None:
    """Files that were changed after the judgement have another digest."""
    accounts = TwoAccounts(**changes)

    answer = receive(ARN, PLACE, accounts)

    assert answer["passed"] is False
    assert reason in str(answer["reasons"])
    assert accounts.copies == {}


def test_a_file_that_somebody_added_is_refused() -> None:
    """It was not there when the model was judged."""
    accounts = TwoAccounts()
    accounts.files.append(StoredObject(key=f"{PREFIX}evil.py", size_bytes=1, etag="cc"))

    assert receive(ARN, PLACE, accounts)["passed"] is False


def test_files_of_another_bucket_are_refused() -> None:
    """An entry can name any address."""
    answer = receive(ARN, replace(PLACE, source_bucket="others"), TwoAccounts())

    assert "not in the bucket of the runs, others" in str(answer["reasons"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"size_bytes": 1}, "has 1 bytes here and"),
        ({"key_arn": ""}, "is encrypted with no key"),
        ({"checksum": ""}, "has no SHA-256"),
    ],
)
def test_what_did_not_arrive_whole_and_under_our_key_is_refused(change: dict[str, Any], reason: str) -> None:
    """Every file that is wrong is named."""
    accounts = TwoAccounts()
    accounts.spoil = lambda copy: replace(copy, **change)

    answer = receive(ARN, PLACE, accounts)

    assert answer["passed"] is False
    assert len([each for each in answer["reasons"] if reason in each]) == len(FILES)


class RecordedS3:
    """A client that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> dict[str, Any]:
            self.asked.append((name, arguments))
            return {
                "UploadId": "up",
                "CopyPartResult": {"ETag": "e", "ChecksumSHA256": "c"},
                "ContentLength": 1,
                "ChecksumSHA256": "c",
                "SSEKMSKeyId": KEY,
            }

        return call


def test_a_copy_is_pinned_to_what_was_listed_and_encrypted_under_our_key() -> None:
    """S3 refuses a source that changed since, and works out the SHA-256 of the copy."""
    client = RecordedS3()

    copied = AwsStores(client, None).copied("runs", FILES[0], "store", "received/a", KEY)

    assert copied == Copied(size_bytes=1, checksum="c", key_arn=KEY)
    (name, asked), _ = client.asked
    assert name == "copy_object"
    assert (asked["CopySourceIfMatch"], asked["SSEKMSKeyId"], asked["ChecksumAlgorithm"]) == ("aa", KEY, "SHA256")


def test_a_large_file_is_copied_in_parts_that_cover_all_of_it() -> None:
    """Every part is pinned to the same version, and the last one is shorter."""
    client = RecordedS3()
    large = replace(FILES[0], size_bytes=LARGEST_COPY_BYTES + 1)

    AwsStores(client, None).copied("runs", large, "store", "received/a", KEY)

    parts = [asked for name, asked in client.asked if name == "upload_part_copy"]
    spans = sorted(tuple(map(int, each["CopySourceRange"].removeprefix("bytes=").split("-"))) for each in parts)
    assert [start for start, _ in spans] == [0, *(end + 1 for _, end in spans[:-1])]
    assert spans[-1][1] == large.size_bytes - 1
    assert {each["CopySourceIfMatch"] for each in parts} == {"aa"}
    (done,) = [asked for name, asked in client.asked if name == "complete_multipart_upload"]
    assert [each["PartNumber"] for each in done["MultipartUpload"]["Parts"]] == list(range(1, len(parts) + 1))
