"""
The cluster of a fleet whose machines ECS picks, patches and replaces.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.ecs.host_role import HostRole
from genai_layers.inference.ecs.hosts import Hosts
from genai_layers.inference.ecs.infrastructure_role import InfrastructureRole
from genai_layers.inference.ecs.managed_instances import ManagedInstances
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.machine_template import root_volume_gib
from genai_layers.inference.ways_out import let_out

_Provider = ecs.CfnCapacityProvider
# EC2 API reference, InstanceRequirements: a value this high turns price protection off, which would leave the dearer
# of the named types out.
_NO_PRICE_PROTECTION = 999_999


class ManagedHosts(Construct):
    """
    A cluster with one capacity provider of ECS Managed Instances.

    Machines stand in the fleet's subnets, take no SSH and no Session Manager, and ask for session tokens: AWS sees to
    that. Their types are those of the fleet and no other.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces cluster and machines.
        vpc: Where the machines stand.
        subnets: Ids of their subnets.
        decided: The fleet's decisions.
        choice: Why the machines are left to ECS.
        egress: Where the machines may go over HTTPS; empty: anywhere that a route leads.

    Attributes:
        cluster: The cluster.
        role: Role of the machines, without weights and without the API key.
        infrastructure_role: Role with which ECS starts them.
        security_group: Their security group: nothing in, HTTPS out.
        capacity_provider: What ECS is told of them.
        associations: The cluster's use of it; a service comes after it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: list[str],
        decided: FleetPlan,
        choice: ManagedInstances,
        egress: Sequence[ec2.IPeer] = (),
    ) -> None:
        super().__init__(scope, id)
        spot = decided.capacity.is_spot
        self.cluster = ecs.CfnCluster(
            self,
            "Cluster",
            cluster_settings=[ecs.CfnCluster.ClusterSettingsProperty(name="containerInsights", value="enabled")],
        )
        self.role = HostRole(self, "Role", cluster=self.cluster)
        profile = iam.CfnInstanceProfile(self, "Profile", roles=[self.role.role_name])
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Machines under tasks", allow_all_outbound=False
        )
        let_out(self.security_group, egress)
        self.infrastructure_role = InfrastructureRole(
            self,
            "InfrastructureRole",
            machine_role=self.role,
            security_group=self.security_group,
            subnets=subnets,
            spot=spot,
        )
        types = decided.placement.types
        self.capacity_provider = _Provider(
            self,
            "Capacity",
            cluster_name=self.cluster.ref,
            managed_instances_provider=_Provider.ManagedInstancesProviderProperty(
                infrastructure_role_arn=self.infrastructure_role.role_arn,
                propagate_tags="CAPACITY_PROVIDER",
                instance_launch_template=_Provider.InstanceLaunchTemplateProperty(
                    capacity_option_type="SPOT" if spot else "ON_DEMAND",
                    ec2_instance_profile_arn=profile.attr_arn,
                    instance_metadata_tags_propagation=False,
                    instance_requirements=_Provider.InstanceRequirementsRequestProperty(
                        accelerator_manufacturers=["nvidia"],
                        accelerator_types=["gpu"],
                        allowed_instance_types=[type_.name for type_ in types],
                        memory_mib=_Provider.MemoryMiBRequestProperty(min=min(type_.memory_mib for type_ in types)),
                        v_cpu_count=_Provider.VCpuCountRangeRequestProperty(min=min(type_.vcpus for type_ in types)),
                        on_demand_max_price_percentage_over_lowest_price=None if spot else _NO_PRICE_PROTECTION,
                        spot_max_price_percentage_over_lowest_price=_NO_PRICE_PROTECTION if spot else None,
                    ),
                    monitoring="DETAILED",
                    network_configuration=_Provider.ManagedInstancesNetworkConfigurationProperty(
                        subnets=subnets, security_groups=[self.security_group.security_group_id]
                    ),
                    storage_configuration=_Provider.ManagedInstancesStorageConfigurationProperty(
                        storage_size_gib=root_volume_gib(decided.engine, decided.placement, decided.host)
                    ),
                ),
            ),
        )
        # ECS acts with both roles as soon as a task waits.
        self.capacity_provider.node.add_dependency(self.role, self.infrastructure_role, profile)
        self.associations = ecs.CfnClusterCapacityProviderAssociations(
            self,
            "Associations",
            cluster=self.cluster.ref,
            capacity_providers=[self.capacity_provider.ref],
            default_capacity_provider_strategy=[
                ecs.CfnClusterCapacityProviderAssociations.CapacityProviderStrategyProperty(
                    capacity_provider=self.capacity_provider.ref, weight=1
                )
            ],
        )
        acknowledge(self.capacity_provider, "GENAI-ECS-03", reason=choice.reason)


def hosts_of(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    subnets: ec2.SubnetSelection,
    key: kms.IKey,
    decided: FleetPlan,
    max_machines: int,
    notifications: sns.ITopic | None,
    choice: ManagedInstances | None,
    egress: Sequence[ec2.IPeer] = (),
) -> Hosts | ManagedHosts:
    """
    Define the cluster of a fleet, with a group of machines or with machines that ECS keeps.

    Args:
        scope: The fleet.
        vpc: Where the machines stand.
        subnets: In which subnets.
        key: Key of the volumes of a group.
        decided: The fleet's decisions.
        max_machines: Upper bound of the tasks.
        notifications: Topic for launches and terminations of a group; None for none.
        choice: Why the machines are left to ECS; None: they are not.
        egress: Where the machines may go over HTTPS; empty: anywhere that a route leads.
    """
    if choice is not None:
        return ManagedHosts(
            scope,
            "ManagedHosts",
            vpc=vpc,
            subnets=subnet_ids(vpc, subnets),
            decided=decided,
            choice=choice,
            egress=egress,
        )
    return Hosts(
        scope,
        "Hosts",
        vpc=vpc,
        subnets=subnets,
        key=key,
        decided=decided,
        max_machines=max_machines,
        notifications=notifications,
        egress=egress,
    )


def subnet_ids(vpc: ec2.IVpc, subnets: ec2.SubnetSelection) -> list[str]:
    """
    Return the ids of *subnets*.

    Args:
        vpc: Their network.
        subnets: Which of its subnets.
    """
    return vpc.select_subnets(
        subnet_type=subnets.subnet_type,
        subnets=subnets.subnets,
        subnet_group_name=subnets.subnet_group_name,
        availability_zones=subnets.availability_zones,
        one_per_az=subnets.one_per_az,
        subnet_filters=subnets.subnet_filters,
    ).subnet_ids
