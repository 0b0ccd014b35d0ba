"""The machines of an endpoint: which types, how many, with which driver, and who gets which request."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genai_layers.catalog import ml_instances
from genai_layers.catalog.ml_instances import HostImage, MlInstanceType
from genai_layers.catalog.tables import listed
from genai_layers.platform.sagemaker import compatibility
from genai_layers.platform.sagemaker.hosting_image import HostingImage
from genai_layers.platform.sagemaker.instances import Instances
from genai_layers.platform.sagemaker.routing import Routing

_MAX_TYPES = 5
_RESERVATION = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:\d{12}:[a-z0-9-]{1,14}/.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """
    Machines of one endpoint.

    Attributes:
        instance_types: Up to five types in order of preference: where the first is sold out, the next is taken.
        instances: How many. Default: 2 to 4, which outlives the loss of a zone.
        routing: Which one a request goes to. Default: the one with the fewest requests in hand.
        host_image: Driver, a value of `InferenceAmiVersion`. Default: the oldest that serves all models, so that no
            container meets a driver that it is too new for.
        reservation_arn: Capacity reservation (training plan) that they come from. Default: on demand.
        container_metrics: CloudWatch gets what the containers tell of themselves, at a price for each metric.
            Default: no.

    Example:
        Machines(instance_types=["ml.g6e.2xlarge", "ml.g5.4xlarge"], instances=Instances.between(2, 6))
    """

    instance_types: Sequence[str]
    instances: Instances = field(default_factory=lambda: Instances.between(2, 4))
    routing: Routing = field(default_factory=Routing.least_outstanding)
    host_image: str | None = None
    reservation_arn: str | None = None
    container_metrics: bool = False

    @property
    def types(self) -> list[MlInstanceType]:
        """The types that exist; `faults` names the others."""
        return compatibility.machines(self.instance_types)[0]

    @property
    def host(self) -> HostImage | None:
        """The driver that is asked for; None where the one that fits is taken."""
        return next((item for item in ml_instances.host_images() if item.name == self.host_image), None)

    def faults(self, *, allows_zero: bool = True) -> list[str]:
        """
        Return what the service would refuse.

        Args:
            allows_zero: The kind of endpoint can be without machines. Default: it can.
        """
        names = list(self.instance_types)
        types, found = compatibility.machines(names)
        if not 1 <= len(names) <= _MAX_TYPES or len(set(names)) != len(names):
            found.append(f"instance_types are {listed(names) or 'none'}: name 1 to {_MAX_TYPES} different types")
        if len({item.vendor for item in types}) > 1:
            found.append(
                f"instance_types {listed(names)} carry accelerators of several makers, and a model has one container: "
                "choose types of one"
            )
        if self.host_image is not None and self.host is None:
            allowed = [item.name for item in ml_instances.host_images()]
            found.append(f"host_image is {self.host_image!r}: choose {listed(allowed)}, or leave it out")
        if self.reservation_arn is not None and not _RESERVATION.fullmatch(self.reservation_arn):
            found.append(f"reservation_arn is {self.reservation_arn!r}: give the ARN of an ML capacity reservation")
        return [*found, *self.instances.faults(allows_zero=allows_zero), *self.routing.faults()]

    def render(
        self,
        name: str,
        images: Sequence[tuple[HostingImage, MlInstanceType]],
        models: Mapping[str, str] | None = None,
        *,
        is_managed: bool = False,
    ) -> dict[str, object]:
        """
        Return the variant as CloudFormation wants it.

        Args:
            name: Name of the variant.
            images: Containers that it must drive, each with its machine.
            models: Name of the model by instance type. Default: none, inference components bring them.
            is_managed: SageMaker adds and removes machines as copies need them. Default: no.
        """
        variant: dict[str, object] = {
            "variantName": name,
            "initialInstanceCount": self.instances.initial,
            "routingConfig": self.routing.render(),
        }
        chosen = self.host or compatibility.host_image(images)
        if chosen is not None:
            variant["inferenceAmiVersion"] = chosen.name
        if self.reservation_arn is not None:
            variant["capacityReservationConfig"] = {
                "capacityReservationPreference": "capacity-reservations-only",
                "mlReservationArn": self.reservation_arn,
            }
        if is_managed:
            variant["managedInstanceScaling"] = {
                "status": "ENABLED",
                "minInstanceCount": self.instances.minimum,
                "maxInstanceCount": self.instances.maximum,
            }
        first, *others = self.instance_types
        if models is not None:
            variant |= {"modelName": models[first], "initialVariantWeight": 1}
        if not others:
            return {**variant, "instanceType": first}
        pools = []
        for priority, instance_type in enumerate(self.instance_types, 1):
            pool: dict[str, object] = {"instanceType": instance_type, "priority": priority}
            if models is not None and models[instance_type] != models[first]:
                pool["modelNameOverride"] = models[instance_type]
            pools.append(pool)
        return {**variant, "instancePools": pools}
