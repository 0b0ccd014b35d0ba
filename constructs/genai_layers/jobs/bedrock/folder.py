"""Where a job reads and writes: one folder of a bucket, and who may do just that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge

# What Bedrock takes in an S3 address (API reference, S3Uri), without what IAM reads as a wildcard.
PATH = re.compile(r"[-!_'().a-z0-9A-Z]+(/[-!_'().a-z0-9A-Z]+)*")

_LIST = ("s3:ListBucket",)
_READ = ("s3:GetObject",)
_WRITE = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """
    A folder of a bucket.

    Attributes:
        bucket: The bucket, encrypted with a key that the job's role is then let use.
        path: The folder, without a slash at either end.
        key: Key of the objects, where the bucket does not tell. Default: the bucket's.
    """

    bucket: s3.IBucket
    path: str
    key: kms.IKey | None = None

    @property
    def uri(self) -> str:
        """Address of the folder, without a closing slash."""
        return f"s3://{self.bucket.bucket_name}/{self.path}"

    @property
    def objects(self) -> str:
        """ARN of everything in the folder."""
        return self.bucket.arn_for_objects(f"{self.path}/*")

    def faults(self, prop: str) -> list[str]:
        """
        Return what is wrong with the path.

        Args:
            prop: What the user calls the folder.
        """
        if Token.is_unresolved(self.path) or PATH.fullmatch(self.path):
            return []
        return [f"{prop} is in the folder {self.path!r}: name one without a slash at either end, such as 'training'"]

    def grant_read(self, role: iam.IRole) -> None:
        """
        Let *role* list and read the folder, and nothing else of the bucket.

        Args:
            role: Role of the job.
        """
        self._grant(role, _READ, ("kms:Decrypt",))

    def grant_decrypt(self, role: iam.IRole) -> None:
        """
        Let *role* use the key of the bucket for what it may read there anyway.

        Args:
            role: Role whose permissions on objects come from elsewhere.
        """
        # S3 wants GenerateDataKey too of whoever asks for the digests of an encrypted object.
        self._allow_key(role, ("kms:Decrypt", "kms:GenerateDataKey"))
        self._accept(role)

    def grant_write(self, role: iam.IRole) -> None:
        """
        Let *role* put objects into the folder and read them again; it can delete none.

        Args:
            role: Role of the job.
        """
        self._grant(role, _WRITE, ("kms:Decrypt", "kms:GenerateDataKey"))

    def _grant(self, role: iam.IRole, actions: Sequence[str], key_actions: Sequence[str]) -> None:
        stack = Stack.of(role)
        # A bucket's name is anybody's to take once it is free: only while it is ours.
        ours = {"StringEquals": {"aws:ResourceAccount": stack.account}}
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=list(actions), resources=[self.objects], conditions=ours)
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=list(_LIST),
                resources=[self.bucket.bucket_arn],
                conditions={**ours, "StringLike": {"s3:prefix": [self.path, f"{self.path}/*"]}},
            )
        )
        self._allow_key(role, key_actions)
        self._accept(role)

    def _allow_key(self, role: iam.IRole, actions: Sequence[str]) -> None:
        key, stack = self.bucket.encryption_key or self.key, Stack.of(role)
        if key is not None:
            role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=list(actions),
                    resources=[key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
                )
            )

    def _accept(self, role: iam.IRole) -> None:
        acknowledge(
            role,
            wildcard_resource(role, self.objects),
            reason="A job reads or writes a folder whose files are not known beforehand; the wildcard ends there.",
        )
