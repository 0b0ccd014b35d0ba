"""A model as an endpoint takes it: container, files, variables, and the machines that it may run on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genai_layers.catalog.ml_instances import MlInstanceType
from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.hosting_image import HostingImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """
    How a model runs on one instance type.

    Attributes:
        image: Its container there.
        environment: Variables of the container there.
        accelerators: Devices that one copy takes; 0 on CPU.
    """

    image: HostingImage
    environment: Mapping[str, str]
    accelerators: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedModel:
    """
    A model that an endpoint can serve; make one with the functions of `engines`, or with `JumpStartModel.of`.

    Write it out for a container of your own.

    Attributes:
        name: What it is called in messages.
        image: Its container.
        artifacts: Its files; None where the image or a model package brings them.
        environment: Variables of the container.
        accelerators: Devices that one copy takes, where it runs on accelerators.
        placements: Instance types that it may run on, with what differs there. Empty: any that its image fits.
        model_package_arn: Model package that holds image and files; None for none.
        tags: Tags of the model.
        takes_adapters: Its container loads adapters (LoRA).

    Example:
        HostedModel(
            name="classifier",
            image=HostingImage.private(repository, "1.4.0", vendor=None),
            artifacts=Artifacts.archive(bucket, "classifier-1.4.0.tar.gz"),
        )
    """

    name: str
    image: HostingImage
    artifacts: Artifacts | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    accelerators: int = 1
    placements: Mapping[str, Placement] = field(default_factory=dict)
    model_package_arn: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    takes_adapters: bool = False

    def on(self, machine: MlInstanceType) -> Placement:
        """
        Return how it runs on *machine*.

        Args:
            machine: A type that it may run on.
        """
        found = self.placements.get(machine.name)
        if found is not None:
            return found
        return Placement(
            image=self.image,
            environment=self.environment,
            accelerators=self.accelerators if machine.accelerator is not None else 0,
        )
