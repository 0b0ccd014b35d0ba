"""
Where images of engines lie that nobody else keeps.
"""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference.engines import ContainerImage


class EngineRepository(Construct):
    """
    A private repository in which each image is scanned when it is pushed, and no tag moves.

    What the scan finds is in the console of Amazon ECR, and an event for EventBridge; it stops no push.
    The AWS deep learning containers need none: AWS keeps them, and patches them under the same tag.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes another repository.
        key: Key of the layers; who makes the repository needs `kms:CreateGrant` on it, and who pulls needs nothing.
        untagged: How long layers are kept that no tag names. Default: 30 days; a fleet names its image by tag.
        removal_policy: What happens to the images when the stack goes. Default: kept.

    Attributes:
        repository: The repository.

    Example:
        repository = EngineRepository(self, "Images", key=key.key)
        engine = VllmNeuron(image=repository.image("0.16.0-neuronx-py312-sdk2.31.1", vendor=Vendor.NEURON))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        untagged: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self.repository = ecr.Repository(
            self,
            "Resource",
            encryption=ecr.RepositoryEncryption.KMS,
            encryption_key=key,
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            empty_on_delete=removal_policy is RemovalPolicy.DESTROY,
            removal_policy=removal_policy,
            lifecycle_rules=[
                ecr.LifecycleRule(
                    tag_status=ecr.TagStatus.UNTAGGED,
                    max_image_age=untagged if untagged is not None else Duration.days(30),
                )
            ],
        )

    def image(
        self,
        version: str,
        *,
        vendor: Vendor = Vendor.NVIDIA,
        architecture: str = "x86_64",
        cuda: str | None = None,
    ) -> ContainerImage:
        """
        Return one version of what lies in it; see `ContainerImage.private` for the arguments.
        """
        return ContainerImage.private(self.repository, version, vendor=vendor, architecture=architecture, cuda=cuda)
