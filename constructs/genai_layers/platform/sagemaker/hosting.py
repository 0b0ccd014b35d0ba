"""What every endpoint on machines is made of: a role, a network, and models."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog.errors import CatalogError
from genai_layers.catalog.images import ServingImage
from genai_layers.catalog.jumpstart import JumpStartImage
from genai_layers.catalog.ml_instances import MlInstanceType
from genai_layers.foundation.nag import MINIMUM_REASON, acknowledge, says_why
from genai_layers.platform.sagemaker.execution_role import ExecutionRole
from genai_layers.platform.sagemaker.hosted_model import HostedModel, Placement


class Hosting(Construct):
    """
    The role and the network of an endpoint, and the models that are made for it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        vpc: Where the models stand; it needs a gateway endpoint for S3.
        subnets: In which subnets, of several zones.
        network_access_reason: Why containers may use the network. Default: they may not.

    Attributes:
        role: Execution role.
        security_group: Security group of the models.
        is_isolated: Containers have no network.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        network_access_reason: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._reason = network_access_reason
        self.is_isolated = network_access_reason is None
        self.role = ExecutionRole(self, "Role")
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="models of an endpoint", allow_all_outbound=False
        )
        # S3 through its gateway endpoint has public addresses. In isolated subnets no route leads anywhere else.
        self.security_group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "files of models over TLS")
        self._subnet_ids = list(
            vpc.select_subnets(
                availability_zones=subnets.availability_zones,
                subnet_filters=subnets.subnet_filters,
                subnet_group_name=subnets.subnet_group_name,
                subnet_type=subnets.subnet_type,
                subnets=subnets.subnets,
                one_per_az=subnets.one_per_az,
            ).subnet_ids
        )
        self.role.join(vpc, self._subnet_ids, self.security_group)

    @property
    def vpc_config(self) -> dict[str, object]:
        """Network of models and endpoint configurations."""
        return {"securityGroupIds": [self.security_group.security_group_id], "subnets": self._subnet_ids}

    def model(self, scope: Construct, id: str, hosted: HostedModel, placement: Placement) -> sagemaker.CfnModel:
        """
        Make the model for one placement; it is unnamed, since all of it is create-only.

        Args:
            scope: Where it belongs.
            id: Name within *scope*.
            hosted: What is served.
            placement: How.
        """
        made = cfn_model(
            scope, id, hosted, placement, self.role, vpc_config=self.vpc_config, is_isolated=self.is_isolated
        )
        if self._reason is not None:
            acknowledge(made, "GENAI-SAGEMAKER-04", reason=self._reason)
        return made

    def models(
        self, scope: Construct, hosted: HostedModel, machines: Sequence[MlInstanceType]
    ) -> dict[str, sagemaker.CfnModel]:
        """
        Make the models for some machines; those on which nothing differs share one.

        Args:
            scope: Where they belong.
            hosted: What is served.
            machines: The machines, in order of preference.

        Returns:
            The model for each instance type.
        """
        made: dict[tuple[object, ...], sagemaker.CfnModel] = {}
        found = {}
        for machine in machines:
            placement = hosted.on(machine)
            same = (placement.image, tuple(sorted(placement.environment.items())))
            if same not in made:
                made[same] = self.model(scope, f"Model{len(made) + 1 if made else ''}", hosted, placement)
            found[machine.name] = made[same]
        return found


def cfn_model(
    scope: Construct,
    id: str,
    hosted: HostedModel,
    placement: Placement,
    role: ExecutionRole,
    *,
    vpc_config: dict[str, object] | None,
    is_isolated: bool,
) -> sagemaker.CfnModel:
    """
    Make a model, with the grants that it takes.

    Args:
        scope: Where it belongs.
        id: Name within *scope*.
        hosted: What is served.
        placement: How.
        role: Execution role.
        vpc_config: Network; None where the kind of endpoint has none.
        is_isolated: Its container has no network.
    """
    container: dict[str, object] = {}
    if hosted.model_package_arn is not None:
        container["modelPackageName"] = hosted.model_package_arn
    else:
        image = placement.image.bind(Stack.of(scope))
        role.pull(image)
        container |= {"image": image.uri, "environment": dict(placement.environment)}
    if hosted.artifacts is not None:
        role.read(hosted.artifacts)
        container["modelDataSource"] = hosted.artifacts.render()
    made = sagemaker.CfnModel(
        scope,
        id,
        execution_role_arn=role.role_arn,
        enable_network_isolation=is_isolated,
        primary_container=container,
        vpc_config=vpc_config,
    )
    for name, value in hosted.tags.items():
        made.tags.set_tag(name, value)
    # SageMaker reads files and image with the role as soon as the model is asked for: all of its policy first.
    made.node.add_dependency(role)
    return made


def log_group(
    scope: Construct,
    id: str,
    name: str,
    *,
    key: kms.IKey,
    retention: logs.RetentionDays,
    removal_policy: RemovalPolicy,
) -> logs.LogGroup:
    """
    Make the log group that SageMaker would make by itself, without key and retention, if it were not there.

    Args:
        scope: Where it belongs.
        id: Name within *scope*.
        name: What SageMaker calls it.
        key: Key of the logs.
        retention: How long events are kept.
        removal_policy: What happens to it when the stack goes.
    """
    return logs.LogGroup(
        scope, id, log_group_name=name, encryption_key=key, retention=retention, removal_policy=removal_policy
    )


def model_faults(scope: Construct, hosted: HostedModel) -> list[str]:
    """
    Return what is wrong with a model, whatever the machine.

    Args:
        scope: Any construct of the stack.
        hosted: What is served.
    """
    region = Stack.of(scope).region
    found = hosted.image.faults()
    if hosted.artifacts is not None:
        found += hosted.artifacts.faults()
    if not isinstance(hosted.image.source, ServingImage | JumpStartImage) or hosted.model_package_arn is not None:
        return found
    if Token.is_unresolved(region):
        return [
            *found,
            "the stack has no region, and the registry of AWS's images differs by it: give the stack "
            "env=Environment(region=...), or take an image of your own",
        ]
    try:
        hosted.image.bind(Stack.of(scope))
    except CatalogError as error:
        found.append(str(error))
    return found


def reason_faults(reason: str | None) -> list[str]:
    """
    Return why *reason* does not say why containers may use the network.

    Args:
        reason: The reason; None where they may not.
    """
    if reason is None or says_why(reason):
        return []
    return [f"network_access_reason is {reason!r}: say why in {MINIMUM_REASON} characters or more"]
