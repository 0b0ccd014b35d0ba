"""
A cluster of Amazon EKS in Auto Mode for models, closed to the internet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from aws_cdk import Annotations, CfnResource, Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import InterfaceEndpoint, KeyUse, RetainedLogGroup
from genai_layers.foundation.born_name import born_name
from genai_layers.inference.eks.charts import Chart, Keda
from genai_layers.inference.eks.cluster_logs import ClusterLogs
from genai_layers.inference.eks.cluster_metrics import MeteredCluster
from genai_layers.inference.eks.cluster_roles import ControlPlaneRole, DeployRole, NodeRole
from genai_layers.inference.eks.deploy_functions import finish_deploy_functions
from genai_layers.inference.eks.keda_values import keda_values
from genai_layers.inference.eks.kubectl import KUBERNETES_VERSION, kubectl_layer
from genai_layers.inference.eks.manifests import PRIORITY, namespace
from genai_layers.inference.eks.nodes import SYSTEM_GIB, SYSTEM_POOL, NodePlace, system_pool
from genai_layers.inference.errors import ClusterError


class ModelCluster(MeteredCluster, Construct):
    """
    A cluster on which `KubernetesFleet` serves models: Auto Mode, private endpoint, encrypted secrets, all logs.

    EKS brings nodes, drivers, device plugins, DNS, pod identity and the controller of target groups, and patches them.
    Nobody is an administrator by having made it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the cluster.
        vpc: Where it stands; it needs a way to `REQUIRED_ENDPOINTS`, and a gateway endpoint for S3.
        subnets: In which subnets, of two zones or more.
        key: Key of secrets, volumes and, without *log_key*, logs; a cluster never takes another.
        keda: What scales fleets, mirrored.
        log_retention: How long logs are kept.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        administrators: Roles that may do anything in the cluster; make them with `Person`, which asks for a second
            factor. Default: nobody.
        viewers: Roles that may look at everything but secrets. Default: nobody.
        removal_policy: What happens to logs when the stack goes, and whether the cluster may be deleted. Default: kept.

    Attributes:
        REQUIRED_ENDPOINTS: AWS services that nodes, pods and the deploy call.
        REQUIRED_KEY_USES: Services that use *key*.
        cluster: The cluster.
        handle: The same, for constructs that take `eks.ICluster`.
        vpc: Where it stands.
        subnets: In which subnets.
        key: Its key.
        name: Its name.
        keda: What scales fleets.
        logs: Its log groups.

    Raises:
        ClusterError: Something is wrong, or the package with kubectl is not installed.

    Example:
        cluster = ModelCluster(self, "Cluster", vpc=network.vpc, subnets=network.isolated, key=key.key, keda=keda,
                               log_retention=RetentionDays.ONE_YEAR)
    """

    REQUIRED_ENDPOINTS: ClassVar[tuple[InterfaceEndpoint, ...]] = (
        InterfaceEndpoint.EC2,
        InterfaceEndpoint.ECR_API,
        InterfaceEndpoint.ECR_DOCKER,
        InterfaceEndpoint.EKS,
        InterfaceEndpoint.EKS_AUTH,
        InterfaceEndpoint.LOGS,
        InterfaceEndpoint.SECRETS_MANAGER,
    )
    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (KeyUse.SECRETS_MANAGER,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        key: kms.IKey,
        keda: Keda,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey | None = None,
        administrators: Sequence[iam.IRole] = (),
        viewers: Sequence[iam.IRole] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        if keda.chart.faults:
            raise ClusterError(self.node.path, keda.chart.faults)
        layer = kubectl_layer(self, "Kubectl")
        self.vpc, self.subnets, self.key = vpc, subnets, key
        self._places = vpc.select_subnets(
            subnet_type=subnets.subnet_type,
            subnets=subnets.subnets,
            subnet_group_name=subnets.subnet_group_name,
            availability_zones=subnets.availability_zones,
            one_per_az=subnets.one_per_az,
            subnet_filters=subnets.subnet_filters,
        ).subnets
        self.name = name = born_name(self)
        self.logs = ClusterLogs(
            self, "Logs", cluster_name=name, key=log_key or key, retention=log_retention, removal_policy=removal_policy
        )
        deploy_logs = RetainedLogGroup(
            self, "DeployLogs", key=log_key or key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self._deploy_role = DeployRole(self, "DeployRole", cluster_name=name, log_group=deploy_logs)
        control_plane = ControlPlaneRole(self, "Role", key=key)
        deploy_group = ec2.SecurityGroup(
            self, "DeployGroup", vpc=vpc, description="Deploys into the cluster", allow_all_outbound=False
        )
        deploy_group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS services and the cluster over TLS")
        self.cluster = eks.Cluster(
            self,
            "Resource",
            version=KUBERNETES_VERSION,
            cluster_name=name,
            vpc=vpc,
            vpc_subnets=[subnets],
            role=control_plane,
            security_group=ec2.SecurityGroup(
                self, "ControlPlane", vpc=vpc, description="Control plane of the cluster", allow_all_outbound=False
            ),
            endpoint_access=eks.EndpointAccess.PRIVATE,
            secrets_encryption_key=key,
            bootstrap_cluster_creator_admin_permissions=False,
            # Each pool of ours has volumes under the key; those that EKS brings do not.
            compute=eks.ComputeConfig(node_pools=[]),
            cluster_logging=list(eks.ClusterLoggingTypes),
            kubectl_provider_options=eks.KubectlProviderOptions(
                kubectl_layer=layer,
                role=self._deploy_role.without_policy_updates(),
                private_subnets=self._places,
                security_groups=[deploy_group],
            ),
        )
        # What it needs is checked by whoever gives *subnets*: REQUIRED_ENDPOINTS says which ways out there are.
        # The CDK's class lacks a member of its own interface, which it never asks of a cluster that it made.
        self.handle = cast(eks.ICluster, self.cluster)
        Annotations.of(self.cluster).acknowledge_warning("@aws-cdk/aws-eks:isolatedSubnetsForKubectlPrivateSubnets")
        resource = self.cluster.node.default_child
        assert isinstance(resource, CfnResource)  # noqa: S101 - the L2 makes no other
        resource.add_property_override("DeletionProtection", removal_policy is not RemovalPolicy.DESTROY)
        # Extended support costs six times as much an hour, and begins by itself; this upgrades instead.
        resource.add_property_override("UpgradePolicy.SupportType", "STANDARD")
        # EKS would make the group of its own logs without key and end.
        resource.node.add_dependency(self.logs.control_plane, control_plane)
        self.cluster.connections.allow_from(deploy_group, ec2.Port.tcp(443), "kubectl and Helm")
        # The CDK's way to a policy that the role above does not take.
        self.node.try_remove_child("HasEcrPublic")
        finish_deploy_functions(self.cluster, deploy_logs)
        for role, policy in (
            *((role, "AmazonEKSClusterAdminPolicy") for role in administrators),
            *((role, "AmazonEKSViewPolicy") for role in viewers),
        ):
            self._let_in(self, f"{policy}{role.node.addr[-8:]}", role.role_arn, policy)
        place = self.place(self, "NodeRole", [each.repository_arn for each in keda.images])
        room = self.apply(
            self,
            "Room",
            place.node_class(SYSTEM_POOL, volume_gib=SYSTEM_GIB),
            system_pool(),
            namespace("keda"),
            PRIORITY,
        )
        room.node.add_dependency(*place.before)
        self.keda = self.install(
            self, "Keda", chart=keda.chart, namespace="keda", release="keda", values=keda_values(keda, SYSTEM_POOL)
        )
        self.keda.node.add_dependency(room)
        self.logs.install_agent(self.handle).node.add_dependency(room)

    def install(
        self, scope: Construct, id: str, *, chart: Chart, namespace: str, release: str, values: Mapping[str, Any]
    ) -> eks.HelmChart:
        """
        Install a chart into a namespace that is there; its values may hold tokens.
        """
        self._deploy_role.allow_chart(chart.repository)
        return eks.HelmChart(
            scope,
            id,
            cluster=self.handle,
            chart=chart.name,
            repository=chart.address,
            version=chart.version,
            namespace=namespace,
            create_namespace=False,
            release=release,
            values=dict(values),
            timeout=Duration.minutes(10),
        )

    def apply(self, scope: Construct, id: str, *manifests: Mapping[str, Any]) -> eks.KubernetesManifest:
        """
        Apply manifests, in their order.
        """
        return eks.KubernetesManifest(
            scope, id, cluster=self.handle, manifest=[dict(each) for each in manifests], prune=False
        )

    def place(self, scope: Construct, id: str, images: Sequence[str]) -> NodePlace:
        """
        Make a role for nodes, let it into the cluster, and say where they stand.

        Args:
            scope: The construct it belongs to.
            id: Name of the role within *scope*.
            images: ARNs of the repositories they may pull from.
        """
        role = NodeRole(scope, id, cluster_arn=self.cluster.cluster_arn, images=images)
        entry = self._let_in(scope, f"{id}Access", role.role_arn, "AmazonEKSAutoNodePolicy", eks.AccessEntryType.EC2)
        return NodePlace(
            role_name=role.role_name,
            subnet_ids=[subnet.subnet_id for subnet in self._places],
            security_group_id=self.cluster.cluster_security_group_id,
            key_arn=self.key.key_arn,
            before=(role, entry),
        )

    def _let_in(
        self,
        scope: Construct,
        id: str,
        role_arn: str,
        policy: str,
        kind: eks.AccessEntryType = eks.AccessEntryType.STANDARD,
    ) -> eks.AccessEntry:
        return eks.AccessEntry(
            scope,
            id,
            cluster=self.handle,
            principal=role_arn,
            access_entry_type=kind,
            access_policies=[
                eks.AccessPolicy.from_access_policy_name(policy, access_scope_type=eks.AccessScopeType.CLUSTER)
            ],
        )
