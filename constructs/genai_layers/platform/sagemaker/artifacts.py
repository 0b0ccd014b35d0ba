"""Where the files of a model lie, and who may read exactly those."""

import re
from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

_ARCHIVE = ".tar.gz"
_FOLDER = re.compile(r"[A-Za-z0-9!_.'()-]+(/[A-Za-z0-9!_.'()-]+)*/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifacts:
    """
    The files of a model or of an adapter in S3; make one with the class methods.

    A folder is copied file by file, many at a time; an archive must be fetched and unpacked first, so large models
    start faster from a folder.

    Attributes:
        bucket_name: Bucket.
        key: A folder with a closing slash, or a `.tar.gz`.
        bucket: The bucket, where it is one of ours; None for a bucket of AWS.
        accept_eula: The licence of the files is accepted.
        hub_content_arn: Reference in a private hub through which they are read; None for directly.
    """

    bucket_name: str
    key: str
    bucket: s3.IBucket | None = None
    accept_eula: bool = False
    hub_content_arn: str | None = None

    @classmethod
    def folder(cls, bucket: s3.IBucket, prefix: str) -> "Artifacts":
        """
        Return a folder with the files as they are: configuration, tokenizer, safetensors.

        Args:
            bucket: The bucket.
            prefix: The folder, without a slash in front.
        """
        return cls(bucket_name=bucket.bucket_name, key=f"{prefix.removesuffix('/')}/", bucket=bucket)

    @classmethod
    def archive(cls, bucket: s3.IBucket, key: str) -> "Artifacts":
        """
        Return one archive.

        Args:
            bucket: The bucket.
            key: Key of the `.tar.gz`.
        """
        return cls(bucket_name=bucket.bucket_name, key=key, bucket=bucket)

    @property
    def uri(self) -> str:
        """Address of the folder or the archive."""
        return f"s3://{self.bucket_name}/{self.key}"

    @property
    def is_archive(self) -> bool:
        """Whether it is one archive."""
        return self.key.endswith(_ARCHIVE)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        if Token.is_unresolved(self.key) or self.is_archive:
            return []
        if self.key.endswith("/") and _FOLDER.fullmatch(self.key):
            return []
        return [
            f"artifacts are at {self.key!r}: name a folder without a slash in front, such as 'llama-3.1-8b', "
            f"or an archive that ends with {_ARCHIVE}"
        ]

    def render(self) -> dict[str, object]:
        """Return the source of a model's data as CloudFormation wants it."""
        source: dict[str, object] = {
            "s3Uri": self.uri,
            "s3DataType": "S3Object" if self.is_archive else "S3Prefix",
            "compressionType": "Gzip" if self.is_archive else "None",
        }
        if self.accept_eula:
            source["modelAccessConfig"] = {"acceptEula": True}
        if self.hub_content_arn is not None:
            source["hubAccessConfig"] = {"hubContentArn": self.hub_content_arn}
        return {"s3DataSource": source}

    def objects_arn(self, stack: Stack) -> str:
        """
        Return the ARN of what must be readable; it ends with a wildcard for a folder.

        Args:
            stack: Stack of the endpoint.
        """
        last = "" if self.is_archive else "*"
        return f"{self._bucket_arn(stack)}/{self.key}{last}"

    def statements(self, stack: Stack) -> list[iam.PolicyStatement]:
        """
        Return what a role needs to read the files, and nothing else of the bucket.

        Args:
            stack: Stack of the endpoint.
        """
        found = [iam.PolicyStatement(actions=["s3:GetObject"], resources=[self.objects_arn(stack)])]
        if not self.is_archive:
            found.append(
                iam.PolicyStatement(
                    actions=["s3:ListBucket"],
                    resources=[self._bucket_arn(stack)],
                    conditions={"StringLike": {"s3:prefix": [f"{self.key}*"]}},
                )
            )
        if self.bucket is not None and self.bucket.encryption_key is not None:
            found.append(
                iam.PolicyStatement(
                    actions=["kms:Decrypt"],
                    resources=[self.bucket.encryption_key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
                )
            )
        return found

    def _bucket_arn(self, stack: Stack) -> str:
        if self.bucket is not None:
            return self.bucket.bucket_arn
        return stack.format_arn(service="s3", region="", account="", resource=self.bucket_name)
