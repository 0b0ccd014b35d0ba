"""
What one fleet has in a cluster: its nodes, its namespace, its release of the chart, and its way to the front door.
"""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.inference.eks.charts import Chart
from genai_layers.inference.eks.cluster_roles import pod_principal
from genai_layers.inference.eks.manifests import PRIORITY_CLASS, namespace
from genai_layers.inference.eks.model_cluster import ModelCluster
from genai_layers.inference.eks.nodes import engine_pool
from genai_layers.inference.eks.pod import Pod, unpatched
from genai_layers.inference.eks.stack_values import SERVICE_ACCOUNT, deployment_name, service_name, stack_values
from genai_layers.inference.engines import ContainerImage
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.machine_template import root_volume_gib
from genai_layers.inference.readiness import ROOT_VOLUME_MIB_PER_SECOND
from genai_layers.inference.weights import Weights


class Release(Construct):
    """
    One release of the vLLM production stack, on nodes of its own.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces everything.
        name: Name of release, namespace and nodes in the cluster.
        cluster: The cluster.
        chart: Chart of the production stack.
        decided: The fleet's decisions.
        tools: Image of what runs beside the engine.
        weights: What the pods may read.
        entrance: What is in front of them.
        min_machines: Lower bound.
        max_machines: Upper bound.
        stop_seconds: How long running requests are waited for.

    Attributes:
        name: Its name in the cluster.
        role: Role of the pods.
        helm_chart: The release.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        cluster: ModelCluster,
        chart: Chart,
        decided: FleetPlan,
        tools: ContainerImage,
        weights: Weights,
        entrance: Entrance,
        min_machines: int,
        max_machines: int,
        stop_seconds: int,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        stack = Stack.of(self)
        image, tools_image = decided.engine.image.bind(stack), tools.bind(stack)
        pod = Pod(
            decided=decided,
            region=stack.region,
            fleet=entrance.name,
            tools_image=tools_image.uri,
            api_key=entrance.api_key.secret.secret_arn,
            log_group=entrance.log_group.log_group_name,
            stop_seconds=stop_seconds,
        )
        self.role = self._pod_role(cluster, weights, entrance)
        place = cluster.place(self, "NodeRole", [image.repository_arn, tools_image.repository_arn])
        files = pod.files(name)
        room = cluster.apply(
            self,
            "Room",
            place.node_class(
                name,
                volume_gib=root_volume_gib(decided.engine, decided.placement, decided.host),
                mib_per_second=ROOT_VOLUME_MIB_PER_SECOND,
                reservations=decided.capacity.reservations,
            ),
            engine_pool(name, decided, max_machines=max_machines, stop_seconds=pod.grace_seconds),
            namespace(name),
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": SERVICE_ACCOUNT, "namespace": name},
                "automountServiceAccountToken": False,
            },
        )
        room.node.add_dependency(*place.before)
        written = cluster.apply(self, f"Files{files['metadata']['name'].rpartition('-')[2]}", files)
        written.node.add_dependency(room)
        self.helm_chart = cluster.install(
            self,
            "Stack",
            chart=chart,
            namespace=name,
            release=name,
            values=stack_values(
                pod,
                name=name,
                image=image.uri,
                files=files["metadata"]["name"],
                priority_class=PRIORITY_CLASS,
                min_machines=min_machines,
                max_machines=max_machines,
            ),
        )
        # A pod that starts without its role or its files fails, and waits longer after each time.
        self.helm_chart.node.add_dependency(written, self._association, self.role, cluster.keda)
        patch = eks.KubernetesPatch(
            self,
            "Probe",
            cluster=cluster.handle,
            resource_name=f"deployment/{deployment_name(name)}",
            resource_namespace=name,
            apply_patch=pod.patch(),
            restore_patch=unpatched(),
        )
        patch.node.add_dependency(self.helm_chart)
        binding = cluster.apply(
            self,
            "Door",
            {
                "apiVersion": "eks.amazonaws.com/v1",
                "kind": "TargetGroupBinding",
                "metadata": {"name": name, "namespace": name},
                "spec": {
                    "serviceRef": {"name": service_name(name), "port": decided.engine.port},
                    "targetGroupARN": entrance.door.target_group.target_group_arn,
                    "targetType": "ip",
                },
            },
        )
        # EKS adds targets to a group only once a listener leads to it.
        binding.node.add_dependency(self.helm_chart, entrance.door)
        nodes = cluster.cluster.cluster_security_group
        for port, what in ((decided.engine.port, "requests"), (HEALTH_PORT, "health checks")):
            nodes.connections.allow_from(entrance.door, ec2.Port.tcp(port), what)

    def _pod_role(self, cluster: ModelCluster, weights: Weights, entrance: Entrance) -> iam.Role:
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=pod_principal(self, cluster.name),
            description="Pod that serves a model: reads its weights and its API key, writes logs",
        )
        weights.grant_read(role)
        entrance.api_key.grant_read(role)
        role.add_to_policy(
            iam.PolicyStatement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[entrance.log_group.log_group_arn],
            )
        )
        self._association = eks.CfnPodIdentityAssociation(
            self,
            "Identity",
            cluster_name=cluster.cluster.cluster_name,
            namespace=self.name,
            service_account=SERVICE_ACCOUNT,
            role_arn=role.role_arn,
        )
        self._association.node.add_dependency(role)
        return role
