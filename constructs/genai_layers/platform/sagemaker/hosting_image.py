"""The container that serves a model, and exactly what must be readable to pull it."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.images import ServingImage, oldest_capability
from genai_layers.catalog.jumpstart import JumpStartImage
from genai_layers.foundation import BoundImage, version_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class HostingImage:
    """
    A container image in a private registry of the endpoint's own region.

    Attributes:
        version: Tag that names one version, or a digest.
        vendor: Accelerator it is built for; None for CPU.
        architecture: `x86_64` or `arm64`.
        cuda: CUDA it is built for, as in `13.0`; None without CUDA, or when it is not known.
        source: Row of a catalog for an image of AWS, or a repository of yours.

    Example:
        HostingImage.aws(images.vllm("sagemaker"))
    """

    version: str
    vendor: Vendor | None
    architecture: str
    cuda: str | None
    source: ServingImage | JumpStartImage | ecr.IRepository

    @classmethod
    def aws(cls, image: ServingImage, *, digest: str | None = None) -> "HostingImage":
        """
        Return a deep learning container of AWS.

        Args:
            image: Row of the catalog, for platform `sagemaker`.
            digest: `sha256:...` of the very bytes wanted. Default: the tag of the row, which AWS may push again with
                security patches.
        """
        return cls(
            version=digest or image.tag,
            vendor=image.vendor,
            architecture=image.architecture,
            cuda=image.cuda,
            source=image,
        )

    @classmethod
    def jump_start(cls, image: JumpStartImage) -> "HostingImage":
        """
        Return the image that a JumpStart specification names.

        Args:
            image: Repository and tag.
        """
        return cls(version=image.tag, vendor=image.vendor, architecture="x86_64", cuda=image.cuda, source=image)

    @classmethod
    def private(
        cls,
        repository: ecr.IRepository,
        version: str,
        *,
        vendor: Vendor | None = Vendor.NVIDIA,
        architecture: str = "x86_64",
        cuda: str | None = None,
    ) -> "HostingImage":
        """
        Return an image of your own; it answers `/ping` and `/invocations` on port 8080.

        Args:
            repository: Where it lies.
            version: Tag that names one version, or a digest.
            vendor: Accelerator it is built for; None for CPU. Default: NVIDIA.
            architecture: `x86_64` or `arm64`. Default: `x86_64`.
            cuda: CUDA it is built for, as in `13.0`. Default: unknown, and the newest driver is taken.
        """
        return cls(version=version, vendor=vendor, architecture=architecture, cuda=cuda, source=repository)

    @property
    def min_compute_capability(self) -> str | None:
        """Oldest GPU generation that its CUDA still compiles for; None without CUDA."""
        return None if self.cuda is None else oldest_capability(self.cuda)

    def faults(self) -> list[str]:
        """Return what is wrong with its own values."""
        found = version_faults(self.version)
        if isinstance(self.source, ServingImage) and self.source.platform != "sagemaker":
            found.append(
                f"image {self.source.repository}:{self.source.tag} is made for {self.source.platform}: "
                "take the one of platform 'sagemaker', which answers where SageMaker asks"
            )
        return found

    def bind(self, stack: Stack) -> BoundImage:
        """
        Return it as *stack*, which has a region, sees it.

        Args:
            stack: Stack of the endpoint.

        Raises:
            RegionError: The region has no registry with it.
        """
        match self.source:
            case ServingImage() as image:
                account, name = images.registry_account(stack.region, registry=image.registry), image.repository
            case JumpStartImage() as image:
                account, name = image.account(stack.region), image.repository
            case repository:
                return BoundImage.in_repository(repository, self.version)
        return BoundImage.in_account(stack, account, name, self.version)
