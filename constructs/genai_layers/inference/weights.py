"""
Where the weights lie, and who may read exactly those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers.foundation.nag import acknowledge

_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """
    A folder of a bucket with a model in the layout of the model hub: configuration, tokenizer, safetensors.

    Attributes:
        bucket: The bucket.
        prefix: The folder, without a slash at either end.
    """

    bucket: s3.IBucket
    prefix: str

    @property
    def uri(self) -> str:
        """Address of the folder, with a closing slash."""
        return f"s3://{self.bucket.bucket_name}/{self.prefix}/"

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        if Token.is_unresolved(self.prefix) or (_PREFIX.fullmatch(self.prefix) and "*" not in self.prefix):
            return ()
        return (
            f"weights_prefix is {self.prefix!r}: name a folder without a slash at either end, such as 'llama-3.1-8b'",
        )

    def grant_read(self, role: iam.Role) -> None:
        """
        Let *role* list and read the folder, and nothing else of the bucket.

        Args:
            role: Role of the machines.
        """
        stack = Stack.of(role)
        objects = self.bucket.arn_for_objects(f"{self.prefix}/*")
        role.add_to_policy(iam.PolicyStatement(sid="ReadWeights", actions=["s3:GetObject"], resources=[objects]))
        role.add_to_policy(
            iam.PolicyStatement(
                sid="ListWeights",
                actions=["s3:ListBucket"],
                resources=[self.bucket.bucket_arn],
                conditions={"StringLike": {"s3:prefix": [f"{self.prefix}/*"]}},
            )
        )
        if self.bucket.encryption_key is not None:
            role.add_to_policy(
                iam.PolicyStatement(
                    sid="DecryptWeights",
                    actions=["kms:Decrypt"],
                    resources=[self.bucket.encryption_key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
                )
            )
        acknowledge(
            role,
            f"AwsSolutions-IAM5[Resource::{objects}]",
            reason="A model is a folder of files whose names its publisher chose; the wildcard ends at that folder.",
        )
