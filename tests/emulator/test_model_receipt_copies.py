"""A model is taken in from one bucket into another for real: listed, compared, copied as it was, under another key."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from genai_layers.runtime.data_gate.lineage import StoredObject, of_objects
from genai_layers.runtime.data_gate.objects import S3Objects
from genai_layers.runtime.model_receipt.receive import Place, receive
from genai_layers.runtime.model_receipt.stores import AwsStores, Copied
from tools.local_cloud.clients import Clients

pytestmark = pytest.mark.emulator

ARN = "arn:aws:sagemaker:us-east-1:111122223333:model-package/tuning/1"
PREFIX = "runs/0123/model/tune/output/model/"
FILES = {f"{PREFIX}model.safetensors": b"w" * 70_000, f"{PREFIX}tokenizer/config.json": b"{}"}


class Registry:
    """The entry of the other account, which the local cloud has no second one for."""

    def __init__(self, digest: str) -> None:
        source = {"S3Uri": f"s3://receipt-runs/{PREFIX}", "S3DataType": "S3Prefix", "CompressionType": "None"}
        self._entry = {
            "ModelApprovalStatus": "Approved",
            "InferenceSpecification": {
                "Containers": [{"Image": "vllm:1", "ModelDataSource": {"S3DataSource": source}}],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            },
            "ModelCard": {"ModelCardContent": "{}"},
            "CustomerMetadataProperties": {"artifacts_sha256": digest},
        }

    def describe_model_package(self, ModelPackageName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
        """The entry."""
        assert ModelPackageName == ARN
        return self._entry


class Summed(AwsStores):
    """Sums of copies worked out here: MiniStack 1.5.33 takes `ChecksumAlgorithm` of a copy and gives no sum."""

    def __init__(self, s3: Any, registry: Registry) -> None:
        super().__init__(s3, registry)
        self._client = s3

    def copied(self, bucket: str, source: StoredObject, to_bucket: str, to: str, key_arn: str) -> Copied:
        """Copy, and sum what arrived."""
        made = super().copied(bucket, source, to_bucket, to, key_arn)
        arrived = self._client.get_object(Bucket=to_bucket, Key=to)["Body"].read()
        return replace(made, checksum=made.checksum or hashlib.sha256(arrived).hexdigest())


@pytest.fixture
def place(clients: Clients) -> Place:
    """Two buckets, the files of a model in the first, and a key for the second."""
    for bucket in ("receipt-runs", "receipt-store"):
        clients("s3").create_bucket(Bucket=bucket)
    for key, content in FILES.items():
        clients("s3").put_object(Bucket="receipt-runs", Key=key, Body=content)
    arn = clients("kms").create_key(Description="models here")["KeyMetadata"]["Arn"]
    return Place(source_bucket="receipt-runs", bucket="receipt-store", key_arn=arn)


def test_a_model_arrives_whole_under_the_key_of_this_account(clients: Clients, place: Place) -> None:
    """Every byte of every file, a sum for each; and one byte that changes afterwards stops the next receipt."""
    s3 = clients("s3")
    judged = of_objects(S3Objects(s3).listed("receipt-runs", PREFIX), PREFIX)
    stores = Summed(s3, Registry(judged))

    answer = receive(ARN, place, stores)

    assert answer["reasons"] == []
    source = answer["specification"]["Containers"][0]["ModelDataSource"]["S3DataSource"]["S3Uri"]
    folder = source.removeprefix("s3://receipt-store/")
    for key, content in FILES.items():
        got = s3.get_object(Bucket="receipt-store", Key=f"{folder}{key.removeprefix(PREFIX)}")
        assert got["Body"].read() == content
        assert got["SSEKMSKeyId"] == place.key_arn

    s3.put_object(Bucket="receipt-runs", Key=f"{PREFIX}model.safetensors", Body=b"v" + b"w" * 69_999)
    assert "was judged" in str(receive(ARN, place, stores)["reasons"])
