"""A SageMaker HyperPod cluster with Slurm, for trainings that take weeks and many machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation import KeyUse, ToldEvents
from genai_layers.jobs.fine_tuning.access import read_folder, write_folder
from genai_layers.jobs.fine_tuning.workplace import security_group
from genai_layers.jobs.training_cluster.errors import TrainingClusterError
from genai_layers.jobs.training_cluster.node_group import NodeGroup, NodeKind, group_faults
from genai_layers.jobs.training_cluster.node_role import NodeRole
from genai_layers.jobs.training_cluster.scripts_asset import Scripts, scripts

# Developer guide, "Events that SageMaker AI sends to EventBridge": types, and what stands in their detail.
_NODE_HEALTH, _CLUSTER_STATE = "SageMaker HyperPod Cluster Node Health Event", "SageMaker HyperPod Cluster State Change"
_NOT_HEALTHY = {"anything-but": "Healthy"}
_ILL_NODES, _FAILED_CHANGES = "IllNodes", "FailedChanges"


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class TrainingCluster(Construct):
    """
    Machines that stay, with Slurm on them: faulty ones are replaced, and new ones checked before they take work.

    It is paid for day and night, with work or without. SageMaker has no call that starts a job on it, so a
    `FineTuningPipeline` does not train here: people submit to Slurm from a login node, and register what comes of it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new cluster.
        key: Key of all volumes; it needs `REQUIRED_KEY_USES`.
        vpc: Where the nodes stand; they need ways to S3, CloudWatch Logs, SageMaker and Session Manager.
        groups: Nodes, one controller and those that train among them.
        topic: Who is told of nodes that fall ill and of changes that fail; its key needs `KeyUse.EVENTBRIDGE`.
        subnets: Where, best in one zone. Default: isolated ones.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        cfn_cluster: The cluster as CloudFormation knows it.
        role: Role of the nodes.

    Raises:
        TrainingClusterError: Something is wrong; all of it is listed.

    Example:
        cluster = TrainingCluster(self, "Cluster", key=key.key, vpc=network.vpc, groups=[
            NodeGroup.controller(), NodeGroup.login(), NodeGroup.compute("workers", "ml.p5.48xlarge", 4)],
            topic=monitoring.topic)
        cluster.grant_read(data.bucket, "approved/")
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_TRAINING,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        vpc: ec2.IVpc,
        groups: Sequence[NodeGroup],
        topic: sns.ITopic,
        subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        super().__init__(scope, id)
        faults = group_faults(groups)
        if faults:
            raise TrainingClusterError(faults)
        files = scripts(self)
        self.role = NodeRole(self, "Role", key=key, scripts=files)
        self._security_group = security_group(self, vpc, is_cluster=True, description="nodes of a training cluster")
        chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.cfn_cluster = sagemaker.CfnCluster(
            self,
            "Resource",
            instance_groups=[self._group(group, key, files) for group in groups],
            node_recovery="Automatic",
            orchestrator={"slurm": {"slurmConfigStrategy": "Managed"}},
            vpc_config={
                "securityGroupIds": [self._security_group.security_group_id],
                "subnets": vpc.select_subnets(
                    one_per_az=chosen.one_per_az,
                    subnet_filters=chosen.subnet_filters,
                    subnet_group_name=chosen.subnet_group_name,
                    subnet_type=chosen.subnet_type,
                    subnets=chosen.subnets,
                ).subnet_ids,
            },
        )
        # Nodes fetch their script with the role as soon as they stand: all of its policy first.
        self.cfn_cluster.node.add_dependency(self.role)
        self._told = ToldEvents(
            self,
            topic=topic,
            description="a node of the training cluster is ill, or a change of the cluster failed",
            patterns={
                _ILL_NODES: self._events(_NODE_HEALTH, {"HealthSummary": {"HealthStatus": [_NOT_HEALTHY]}}),
                _FAILED_CHANGES: self._events(_CLUSTER_STATE, {"ClusterStatus": ["Failed", "RollingBack"]}),
            },
        )

    @property
    def connections(self) -> ec2.Connections:
        """The network of the nodes."""
        return self._security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the nodes."""
        return self.role

    @property
    def cluster_arn(self) -> str:
        """ARN of the cluster."""
        return self.cfn_cluster.attr_cluster_arn

    def grant_read(self, bucket: s3.IBucket, folder: str) -> None:
        """
        Let the nodes read a folder.

        Args:
            bucket: The bucket.
            folder: The folder, with a closing slash.
        """
        read_folder(self.role, bucket, folder)

    def grant_write(self, bucket: s3.IBucket, folder: str) -> None:
        """
        Let the nodes write into a folder.

        Args:
            bucket: The bucket.
            folder: The folder, with a closing slash.
        """
        write_folder(self.role, bucket, folder)

    def on_node_health(self, id: str, target: events.IRuleTarget) -> events.Rule:
        """
        Have something done whenever the health of a node changes, for better or worse.

        Args:
            id: Name of the rule within the cluster.
            target: What is done.
        """
        return events.Rule(
            self,
            id,
            description="the health of a node of the training cluster changed",
            event_pattern=self._events(_NODE_HEALTH),
            targets=[target],
        )

    def metric_ill_nodes(self) -> cloudwatch.Metric:
        """Return how often a node was found ill."""
        return self._told.metric(_ILL_NODES)

    def metric_failed_changes(self) -> cloudwatch.Metric:
        """Return how often a change of the cluster failed."""
        return self._told.metric(_FAILED_CHANGES)

    def _events(self, detail_type: str, detail: Mapping[str, object] | None = None) -> events.EventPattern:
        return events.EventPattern(
            source=["aws.sagemaker"], detail_type=[detail_type], resources=[self.cluster_arn], detail=detail
        )

    def _group(self, group: NodeGroup, key: kms.IKey, files: Scripts) -> dict[str, object]:
        made: dict[str, object] = {
            "instanceGroupName": group.name,
            "instanceType": group.instance_type,
            "instanceCount": group.count,
            "executionRole": self.role.role_arn,
            "lifeCycleConfig": {"sourceS3Uri": files.uri, "onInitComplete": files.entry},
            "instanceStorageConfigs": [
                {"ebsVolumeConfig": {"rootVolume": True, "volumeKmsKeyId": key.key_arn}},
                {"ebsVolumeConfig": {"volumeSizeInGb": group.volume_gib, "volumeKmsKeyId": key.key_arn}},
            ],
            "slurmConfig": {"nodeType": group.kind.value},
        }
        if group.kind is NodeKind.COMPUTE:
            made["slurmConfig"] = {"nodeType": group.kind.value, "partitionNames": [group.partition]}
        if group.has_accelerators:
            made["onStartDeepHealthChecks"] = ["InstanceStress", "InstanceConnectivity"]
        if group.training_plan_arn is not None:
            made["trainingPlanArn"] = group.training_plan_arn
        return made
