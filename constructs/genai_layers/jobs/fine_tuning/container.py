"""What runs in a job: an image, the code that is put beside it, and the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from genai_layers.jobs.fine_tuning.access import read_folder
from genai_layers.jobs.fine_tuning.images import JobImage

CODE = "code"
"""Channel of the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundCode:
    """
    Code as a job sees it.

    Attributes:
        uri: Its address.
        command: What runs it, given the folder that it lies in.
    """

    uri: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContainer:
    """
    A container that trains or evaluates.

    It has no network, so it brings all that it needs, and SageMaker carries data in and out. The environment says
    where: `INPUT_DIR` holds a folder for each channel, `OUTPUT_DIR` takes the model or the `evaluation.json`,
    `CHECKPOINT_DIR` outlives an interruption.

    Attributes:
        image: The image.
        code: Folder on this machine with a `__main__.py`, shipped as an asset and run by Python. Default: none; the
            image holds its code.
        command: What to run instead of the image's entry point. Default: the code, or else what the image says.
        settings: Hyperparameters beyond those of the method. Default: none.
    """

    image: JobImage
    code: str | None = None
    command: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        faults = list(self.image.faults)
        if self.code is not None and not (Path(self.code) / "__main__.py").is_file():
            faults.append(f"code {self.code!r} holds no __main__.py: name a folder that Python can run")
        return tuple(faults)

    def bind(self, scope: Construct, role: iam.IRole, folder: str) -> BoundCode | None:
        """
        Ship the code and let the job's role read it; None where there is none to ship.

        Args:
            scope: What the asset belongs to.
            role: Role of the job.
            folder: Where the job finds its channels.
        """
        if self.code is None:
            return None
        asset = s3_assets.Asset(scope, "Code", path=self.code, exclude=["**/__pycache__", "**/*.pyc"])
        bucket = s3.Bucket.from_bucket_name(scope, "CodeBucket", asset.s3_bucket_name)
        read_folder(role, bucket, asset.s3_object_key)
        command = tuple(self.command) or ("sh", "-c", f"exec python3 {folder}/{CODE}/*.zip")
        return BoundCode(uri=asset.s3_object_url, command=command)
