"""The places that documents can come from, as one value each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from genai_layers.foundation import wildcard_resource


class Source(Protocol):
    """A kind of source."""

    @property
    def type(self) -> str:
        """Kind, in the words of the service."""
        ...

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ...

    def render(self) -> dict[str, object]:
        """Return the settings of this kind as CloudFormation wants them."""
        ...

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Return what the role of the knowledge base must be allowed."""
        ...

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:
        """Return the findings that they bring, each with the reason why it is safe."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSource:
    """
    Documents in a bucket of this account.

    Attributes:
        bucket: The bucket.
        prefix: Part of it, as the beginning of keys. Default: all of it.
    """

    bucket: s3.IBucket
    prefix: str = ""

    @property
    def type(self) -> str:
        """Kind, in the words of the service."""
        return "S3"

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        return [f"prefix {self.prefix!r} starts with a slash, object keys do not"] if self.prefix[:1] == "/" else []

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        settings: dict[str, object] = {
            "bucketArn": self.bucket.bucket_arn,
            "bucketOwnerAccountId": Aws.ACCOUNT_ID,
        }
        if self.prefix:
            settings["inclusionPrefixes"] = [self.prefix]
        return {"s3Configuration": settings}

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Return what the role of the knowledge base must be allowed: to list and read, in this account."""
        ours = {"StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID}}
        return [
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.bucket.bucket_arn], conditions=ours),
            iam.PolicyStatement(
                actions=["s3:GetObject"],
                resources=[self.bucket.arn_for_objects(f"{self.prefix}*")],
                conditions=ours,
            ),
        ]

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:
        """
        Return the findings that they bring.

        Args:
            scope: Construct of the knowledge base.
        """
        return {
            wildcard_resource(scope, self.bucket.arn_for_objects(f"{self.prefix}*")): "Every document under this "
            "prefix is for this knowledge base, and keys are not known beforehand."
        }
