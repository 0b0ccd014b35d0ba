"""Capacity of ECS clusters, and services that moto has to know of before it scales them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.local_cloud.ministack_launcher.read import answered, arn, given, identity, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Row, Supplement

if TYPE_CHECKING:
    from tools.local_cloud.ministack_launcher.row import Reader, Resource

ROWS = (
    Row(
        type="AWS::ECS::CapacityProvider",
        service="ecs",
        name=Name("Name", 255),
        create=Call("CreateCapacityProvider"),
        physical_id=answered("capacityProvider.name"),
        attributes={"Arn": arn("ecs", "capacity-provider/{id}")},
        update=Call(
            "UpdateCapacityProvider",
            lambda r: {
                "name": r.physical_id,
                # UpdateCapacityProvider takes the group's settings and never another group.
                "autoScalingGroupProvider": {
                    name: value
                    for name, value in r.properties["AutoScalingGroupProvider"].items()
                    if name != "AutoScalingGroupArn"
                },
            },
        ),
        replaces=frozenset({"Name"}),
        delete=(Call("DeleteCapacityProvider", send(capacityProvider=identity)),),
    ),
    Row(
        type="AWS::ECS::ClusterCapacityProviderAssociations",
        service="ecs",
        create=Call("PutClusterCapacityProviders"),
        physical_id=given("Cluster"),
        update=Call("PutClusterCapacityProviders"),
        replaces=frozenset({"Cluster"}),
        delete=(
            Call(
                "PutClusterCapacityProviders",
                lambda r: {"cluster": r.physical_id, "capacityProviders": [], "defaultCapacityProviderStrategy": []},
            ),
        ),
    ),
)


def _is_new(resource: Resource) -> bool:
    return not resource.previous


def _service_name(resource: Resource) -> str:
    return resource.physical_id.rpartition("/")[2]


_CLUSTER: Reader = given("Cluster")

SUPPLEMENTS = (
    # Application Auto Scaling is moto's, and moto scales only a service that its own ECS has.
    Supplement(
        type="AWS::ECS::Service",
        service="ecs@moto",
        settle=(
            Call("CreateCluster", send(clusterName=_CLUSTER), _is_new),
            Call(
                "RegisterTaskDefinition",
                send(
                    family=_service_name,
                    containerDefinitions=lambda _: [{"name": "stands-in", "image": "none:1", "memory": 4}],
                ),
                _is_new,
            ),
            Call(
                "CreateService",
                send(
                    cluster=_CLUSTER,
                    serviceName=_service_name,
                    taskDefinition=_service_name,
                    desiredCount=lambda _: 0,
                ),
                _is_new,
            ),
        ),
        before_delete=(
            Call("DeleteService", send(cluster=_CLUSTER, service=_service_name, force=lambda _: True)),
            Call("DeregisterTaskDefinition", send(taskDefinition=lambda r: f"{_service_name(r)}:1")),
            Call("DeleteCluster", send(cluster=_CLUSTER)),
        ),
    ),
)
