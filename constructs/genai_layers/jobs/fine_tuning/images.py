"""Container images that train and evaluate."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_ecr as ecr

from genai_layers.catalog import images, training_images
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

    @classmethod
    def hugging_face(cls, version: str | None = None) -> JobImage:
        """The catalog's newest PyTorch with Transformers, PEFT's home, for NVIDIA; or another *version*."""
        return cls._of_aws("huggingface-pytorch-training", Vendor.NVIDIA, version)

    @classmethod
    def pytorch(cls, version: str | None = None) -> JobImage:
        """The catalog's newest PyTorch with EFA and flash attention, for NVIDIA; or another *version*."""
        return cls._of_aws("pytorch-training", Vendor.NVIDIA, version)

    @classmethod
    def neuron(cls, version: str | None = None) -> JobImage:
        """The catalog's newest PyTorch with Transformers and the Neuron SDK, for Trainium; or another *version*."""
        return cls._of_aws("huggingface-pytorch-training-neuronx", Vendor.NEURON, version)

    @classmethod
    def cpu(cls, version: str | None = None) -> JobImage:
        """The catalog's newest PyTorch without an accelerator; or another *version*."""
        return cls._of_aws("pytorch-training", None, version)

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

    @classmethod
    def _of_aws(cls, repository: str, vendor: Vendor | None, version: str | None) -> JobImage:
        tag = version or training_images.find(repository, vendor=vendor).tag
        return cls(version=tag, vendor=vendor, source=repository)

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
