"""A pre-trained model of JumpStart, ready for an endpoint."""

from collections.abc import Mapping

from aws_cdk import Stack, Token
from constructs import IConstruct

from genai_layers.catalog import jumpstart, ml_instances
from genai_layers.catalog.errors import CatalogError
from genai_layers.catalog.jumpstart import JumpStartImage, JumpStartSpec
from genai_layers.catalog.tables import listed
from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.errors import JumpStartError
from genai_layers.platform.sagemaker.eula import EulaAcceptance
from genai_layers.platform.sagemaker.hosted_model import HostedModel, Placement
from genai_layers.platform.sagemaker.hosting_image import HostingImage
from genai_layers.platform.sagemaker.private_hub import PrivateHub

# Variables by which the images are told how many devices a copy takes; without one they take all they see.
_DEVICES = ("SM_NUM_GPUS", "OPTION_TENSOR_PARALLEL_DEGREE", "NUM_SHARD")


class JumpStartModel:
    """Makes hosted models of JumpStart specifications."""

    @classmethod
    def of(
        cls,
        scope: IConstruct,
        model_id: str,
        version: str | None = None,
        *,
        eula: EulaAcceptance | None = None,
        instance_types: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
        hub: PrivateHub | None = None,
        spec: JumpStartSpec | None = None,
    ) -> HostedModel:
        """
        Return a pre-trained model.

        Args:
            scope: Any construct of the stack, which must have a region: bucket and image differ by it.
            model_id: Id in the public hub.
            version: Version of the model. Default: the newest in the catalog.
            eula: Who accepted its licence and when; required where it has one.
            instance_types: Types to narrow it to. Default: all that its publisher allows.
            environment: Variables beside those of the specification. Default: none.
            hub: Private hub through which its files are read. Default: directly.
            spec: Specification of a model that the catalog lacks. Default: that of the catalog.

        Raises:
            JumpStartError: Something is wrong; all of it is listed.

        Example:
            accepted = EulaAcceptance(accepted_by="legal@example.com", accepted_on="2026-11-25")
            model = JumpStartModel.of(self, "meta-textgeneration-llama-3-1-8b-instruct", eula=accepted)
        """
        region = Stack.of(scope).region
        faults = []
        if Token.is_unresolved(region):
            faults.append(
                "the stack has no region, and bucket and image of a JumpStart model differ by it: "
                "give the stack env=Environment(region=...)"
            )
        try:
            found = spec or jumpstart.get(model_id, version)
        except CatalogError as error:
            raise JumpStartError([*faults, str(error)]) from None
        faults += _faults(found, model_id, version, eula, instance_types, hub)
        if not faults:
            faults += _regional(found, region)
        if faults:
            raise JumpStartError(faults)
        return _hosted(found, region, eula, instance_types or found.instance_types, environment or {}, hub)


def _faults(
    spec: JumpStartSpec,
    model_id: str,
    version: str | None,
    eula: EulaAcceptance | None,
    instance_types: tuple[str, ...],
    hub: PrivateHub | None,
) -> list[str]:
    found = list(spec.faults())
    if spec.model_id != model_id or version not in (None, spec.version):
        found.append(
            f"spec is of {spec.model_id!r} {spec.version}, asked for is {model_id!r} {version or ''}: name the same"
        )
    if spec.eula_key is not None and eula is None:
        found.append(
            f"JumpStart model {spec.model_id!r} has a licence ({spec.eula_key}) that somebody must accept: read it and "
            "give eula=EulaAcceptance(accepted_by=..., accepted_on=...)"
        )
    if eula is not None:
        found += eula.faults()
    found += [
        f"JumpStart model {spec.model_id!r} is not served on {name}: choose {listed(spec.instance_types, limit=20)}"
        for name in instance_types
        if name not in spec.variants
    ]
    if hub is not None and spec.model_id not in hub.allowed_models:
        found.append(
            f"private hub {hub.hub_name!r} does not hold {spec.model_id!r}: choose one of "
            f"{listed(hub.allowed_models)}, or add it to allowed_models"
        )
    return found


def _regional(spec: JumpStartSpec, region: str) -> list[str]:
    found = []
    if spec.model_packages and region not in spec.model_packages:
        found.append(
            f"model package of {spec.model_id!r} is not in region {region!r}: choose {listed(spec.model_packages)}"
        )
    try:
        spec.bucket(region)
        for variant in spec.variants.values():
            JumpStartImage.of(variant.image).account(region)
    except CatalogError as error:
        found.append(str(error))
    return found


def _hosted(
    spec: JumpStartSpec,
    region: str,
    eula: EulaAcceptance | None,
    instance_types: tuple[str, ...],
    environment: Mapping[str, str],
    hub: PrivateHub | None,
) -> HostedModel:
    placements = {name: _placement(spec, name, environment) for name in instance_types}
    artifacts = None
    if spec.artifact_key is not None:
        artifacts = Artifacts(
            bucket_name=spec.bucket(region),
            key=spec.artifact_key,
            accept_eula=eula is not None and spec.eula_key is not None,
            hub_content_arn=None if hub is None else hub.reference_arn(spec.model_id),
        )
    return HostedModel(
        name=spec.model_id,
        image=next(iter(placements.values())).image,
        artifacts=artifacts,
        environment=spec.environment,
        placements=placements,
        model_package_arn=spec.model_packages.get(region),
        tags={
            "sagemaker-sdk:jumpstart-model-id": spec.model_id,
            "sagemaker-sdk:jumpstart-model-version": spec.version,
            **({"sagemaker-studio:hub-content-arn": hub.reference_arn(spec.model_id)} if hub is not None else {}),
            **(eula.tags if eula is not None else {}),
        },
    )


def _placement(spec: JumpStartSpec, instance_type: str, environment: Mapping[str, str]) -> Placement:
    variant, machine = spec.variants[instance_type], ml_instances.get(instance_type)
    variables = {**spec.environment, **variant.environment, **environment}
    told = next((int(variables[name]) for name in _DEVICES if variables.get(name, "").isdecimal()), None)
    devices = machine.accelerator_count
    return Placement(
        image=HostingImage.jump_start(JumpStartImage.of(variant.image)),
        environment={} if spec.model_packages else variables,
        accelerators=devices if told is None else min(told, devices),
    )
