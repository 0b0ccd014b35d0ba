"""Container images that train and evaluate."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_ecr as ecr

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.foundation import BoundImage, version_faults
from genai_layers.jobs.fine_tuning.errors import FineTuningError


@dataclass(frozen=True, slots=True, kw_only=True)
class JobImage:
    """
    An image that SageMaker runs a job in.

    Attributes:
        version: Tag that names one version, or a digest.
        vendor: Accelerator that it is built for; None for CPU.
        source: Repository of an AWS deep learning container by name, or a repository of yours.

    Example:
        JobImage.hugging_face()
        JobImage.private(repository, "1.4.2", vendor=Vendor.NVIDIA)
    """

    version: str
    vendor: Vendor | None
    source: str | ecr.IRepository

    # Tags: aws/deep-learning-containers, docs/src/data/<family>/<name>.yml, read 2026-11-25.
    @classmethod
    def hugging_face(cls, version: str = "2.9.0-transformers5.3.0-gpu-py312-cu130-ubuntu22.04") -> JobImage:
        """PyTorch 2.9 with Transformers 5.3, PEFT's home, for NVIDIA; or another *version*."""
        return cls(version=version, vendor=Vendor.NVIDIA, source="huggingface-pytorch-training")

    @classmethod
    def pytorch(cls, version: str = "2.10.0-gpu-py313-cu130-ubuntu22.04-sagemaker") -> JobImage:
        """PyTorch 2.10 with EFA and flash attention, for NVIDIA; or another *version*."""
        return cls(version=version, vendor=Vendor.NVIDIA, source="pytorch-training")

    @classmethod
    def neuron(cls, version: str = "2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04") -> JobImage:
        """PyTorch 2.8 with Transformers and the Neuron SDK 2.26, for Trainium; or another *version*."""
        return cls(version=version, vendor=Vendor.NEURON, source="huggingface-pytorch-training-neuronx")

    @classmethod
    def cpu(cls, version: str = "2.10.0-cpu-py313-ubuntu22.04-sagemaker") -> JobImage:
        """PyTorch 2.10 without an accelerator; or another *version*."""
        return cls(version=version, vendor=None, source="pytorch-training")

    @classmethod
    def private(cls, repository: ecr.IRepository, version: str, *, vendor: Vendor | None) -> JobImage:
        """
        An image of your own.

        Args:
            repository: Where it lies.
            version: Tag that names one version, or a digest.
            vendor: Accelerator that it is built for; None for CPU.
        """
        return cls(version=version, vendor=vendor, source=repository)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        return tuple(version_faults(self.version))

    def bind(self, stack: Stack) -> BoundImage:
        """
        Return it as *stack* sees it.

        Raises:
            FineTuningError: An image of AWS was asked for, and the stack has no region.
            RegionError: The region has no registry of AWS deep learning containers.
        """
        if not isinstance(self.source, str):
            return BoundImage.in_repository(self.source, self.version)
        if Token.is_unresolved(stack.region):
            raise FineTuningError(
                [f"image {self.source!r} of AWS lies in an account of each region, and the stack has no region: give "
                 "the stack env=Environment(region=...), or take JobImage.private"]
            )  # fmt: skip
        return BoundImage.in_account(stack, images.registry_account(stack.region), self.source, self.version)
