"""Keeping a sample of requests and answers, for monitoring and audits."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCapture:
    """
    A sample of requests and answers in a bucket of ours, encrypted.

    What people ask is in there: give the bucket a lifecycle, and few readers.

    Attributes:
        bucket: Where they go.
        sampling_percent: Share of requests that is kept, 1 to 100.
        prefix: Folder in the bucket, without a slash at either end. Default: `captured`.

    Example:
        DataCapture(bucket=captures.bucket, sampling_percent=10)
    """

    bucket: s3.IBucket
    sampling_percent: int
    prefix: str = "captured"

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        found = []
        if not 1 <= self.sampling_percent <= 100:
            found.append(f"sampling_percent is {self.sampling_percent}: choose 1 to 100, or leave data capture out")
        if not self.prefix or self.prefix.strip("/") != self.prefix:
            found.append(f"data capture prefix is {self.prefix!r}: name a folder without a slash at either end")
        return found

    def render(self, key: kms.IKey) -> dict[str, object]:
        """
        Return the settings as CloudFormation wants them.

        Args:
            key: Key of the endpoint; the bucket's own is taken where it has one.
        """
        return {
            "enableCapture": True,
            "initialSamplingPercentage": self.sampling_percent,
            "destinationS3Uri": f"s3://{self.bucket.bucket_name}/{self.prefix}",
            "kmsKeyId": self.key(key).key_arn,
            "captureOptions": [{"captureMode": "Input"}, {"captureMode": "Output"}],
            "captureContentTypeHeader": {"jsonContentTypes": ["application/json"]},
        }

    def key(self, key: kms.IKey) -> kms.IKey:
        """
        Return the key that what is kept is encrypted with.

        Args:
            key: Key of the endpoint.
        """
        return self.bucket.encryption_key or key

    def objects_arn(self) -> str:
        """Return the ARN of what is written."""
        return self.bucket.arn_for_objects(f"{self.prefix}/*")

    def statements(self, stack: Stack, key: kms.IKey) -> list[iam.PolicyStatement]:
        """
        Return what a role needs to write the sample.

        Args:
            stack: Stack of the endpoint.
            key: Key of the endpoint.
        """
        return [
            iam.PolicyStatement(actions=["s3:PutObject"], resources=[self.objects_arn()]),
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self.key(key).key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
            ),
        ]
