"""What a fine-tuning starts from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers.jobs.fine_tuning.access import read_folder

_FOLDER = re.compile(r"[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceAcceptance:
    """
    Somebody read the licence of a gated model and accepted it.

    Attributes:
        by: Who, in your organisation.
        on: When, as an ISO date.
    """

    by: str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseModel:
    """
    A pre-trained model, with what it takes to read it and to name it for years.

    Models that Bedrock customizes are tuned by Bedrock; this is for those whose weights can be read.

    Attributes:
        identity: What it is called, with its version; stands in the model card.
        prefix: Its folder, without a slash at either end.
        bucket: Where it lies; None where AWS keeps it.
        sha256: Digest of its listing that must be met, as the report of an earlier run shows it. None: any.
        licence: Acceptance of its licence; None where it needs none.

    Example:
        BaseModel.in_bucket(weights.bucket, "llama-3.1-8b", identity="Llama 3.1 8B Instruct, revision 0e9e39f")
    """

    identity: str
    prefix: str
    bucket: s3.IBucket | None = None
    sha256: str | None = None
    licence: LicenceAcceptance | None = None

    @classmethod
    def in_bucket(cls, bucket: s3.IBucket, prefix: str, *, identity: str, sha256: str | None = None) -> BaseModel:
        """
        Weights in a bucket of yours, in the layout of the model hub, or what an earlier run left.

        Args:
            bucket: The bucket.
            prefix: Folder in it; for an earlier run `runs/<run>/model/<job>/output/model`.
            identity: Name and revision.
            sha256: Digest of the listing that must be met. Default: any, and it is written down.
        """
        return cls(identity=identity, prefix=prefix, bucket=bucket, sha256=sha256)

    @classmethod
    def jumpstart(
        cls, model_id: str, version: str, *, artifact: str, licence: LicenceAcceptance | None = None
    ) -> BaseModel:
        """
        A model of SageMaker JumpStart, read from the bucket of AWS in the stack's region.

        The S3 gateway endpoint of the network must let jobs read that bucket: `s3_endpoint.add_to_policy`.

        Args:
            model_id: Its id.
            version: Its version, in full.
            artifact: Folder of the training artifact, as DescribeHubContent shows it.
            licence: For a gated model, who accepted its licence and when. Evaluate it by a training job then.
        """
        return cls(identity=f"jumpstart {model_id} {version}", prefix=artifact, licence=licence)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        faults = []
        if not self.identity.strip():
            faults.append("base_model has no identity: name the model and its revision")
        if not Token.is_unresolved(self.prefix) and not _FOLDER.fullmatch(self.prefix):
            faults.append(
                f"base_model prefix is {self.prefix!r}: name a folder without a slash at either end, such as "
                "'llama-3.1-8b'"
            )
        if self.sha256 is not None and not _DIGEST.fullmatch(self.sha256):
            faults.append(f"base_model sha256 is {self.sha256!r}: 64 small hex digits are needed")
        if self.licence is not None and not (self.licence.by and re.fullmatch(r"\d{4}-\d\d-\d\d", self.licence.on)):
            faults.append("base_model licence must say by whom and on which ISO date it was accepted")
        return tuple(faults)

    @property
    def is_gated(self) -> bool:
        """Whether SageMaker hands it out only with an accepted licence."""
        return self.licence is not None

    def uri(self, stack: Stack) -> str:
        """Return the address of its folder, with a closing slash, as *stack* sees it."""
        if self.bucket is not None:
            return f"s3://{self.bucket.bucket_name}/{self.prefix}/"
        # SageMaker Python SDK, jumpstart/region_config.json: content bucket and gated content bucket of a region.
        private = "-private" if self.is_gated else ""
        return f"s3://jumpstart{private}-cache-prod-{stack.region}/{self.prefix}/"

    def source(self, stack: Stack) -> dict[str, Any]:
        """Return the S3 source of a channel, as *stack* sees it."""
        source: dict[str, Any] = {
            "S3DataType": "S3Prefix",
            "S3Uri": self.uri(stack),
            "S3DataDistributionType": "FullyReplicated",
        }
        return {**source, "ModelAccessConfig": {"AcceptEula": True}} if self.is_gated else source

    def grant_read(self, role: iam.Role) -> None:
        """Let the role of a job read it."""
        stack = Stack.of(role)
        if self.bucket is None:
            name = self.uri(stack).removeprefix("s3://").split("/", 1)[0]
            bucket = s3.Bucket.from_bucket_name(role, "JumpStart", name)
            read_folder(role, bucket, f"{self.prefix}/")
        else:
            read_folder(role, self.bucket, f"{self.prefix}/")

    def grant_list(self, role: iam.IRole) -> None:
        """Let the gate list it, and not read it."""
        if self.bucket is not None:
            role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["s3:ListBucket"],
                    resources=[self.bucket.bucket_arn],
                    conditions={"StringLike": {"s3:prefix": [f"{self.prefix}/*"]}},
                )
            )

    def told(self) -> Mapping[str, str]:
        """Return what the gate is told of it, as JSON."""
        values = {"identity": self.identity}
        if self.bucket is not None:
            values |= {"bucket": self.bucket.bucket_name, "prefix": f"{self.prefix}/"}
        if self.sha256 is not None:
            values["sha256"] = self.sha256
        return {"BASE_MODEL": json.dumps(values)}
