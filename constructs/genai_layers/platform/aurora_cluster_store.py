"""Aurora PostgreSQL with a cluster of its own, which pauses while nobody asks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from genai_layers.foundation import KeyUse, PythonFunction
from genai_layers.platform.aurora_cluster import DATABASE, vector_cluster
from genai_layers.platform.aurora_table import FIELD_MAPPING, data_api_statements, dimension_faults, table_statements
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.vector_store import BoundStore, StorePlace

MAX_CAPACITY_UNITS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class AuroraClusterStore:
    """
    A cluster of Aurora Serverless that scales to zero, with the table that Bedrock demands (decision 0071).

    It is reached through its Data API alone: no address of the network may connect. Its password is kept and changed
    every week by RDS, under the key of the knowledge base. The first question after a pause waits about fifteen
    seconds for the cluster, or is refused and succeeds when it is repeated.

    Attributes:
        vpc: Network that it lies in.
        subnets: Subnets of it, in two zones at least. Default: its isolated subnets.
        max_capacity_units: Most capacity, 1 to 256 units of about 2 GiB, in steps of 0.5; a bound on the bill.
            Default: 4.
        min_capacity_units: Least capacity, 0 to the most. Default: 0, which pauses it while nobody asks.
        pause_after: How long nobody must have asked, 5 minutes to a day. Default: 5 minutes.
    """

    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (
        KeyUse.RDS,
        KeyUse.SECRETS_MANAGER,
        KeyUse.LAMBDA,
        KeyUse.LOGS,
    )
    """What the key of the knowledge base needs besides `KnowledgeBase.REQUIRED_KEY_USES`."""

    vpc: ec2.IVpc
    subnets: ec2.SubnetSelection | None = None
    max_capacity_units: float = 4
    min_capacity_units: float = 0
    pause_after: Duration | None = None

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::RDS::DBCluster",)

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """
        Return why vectors of *embedding* cannot be kept here.

        Args:
            embedding: Model that makes the vectors.
        """
        faults = dimension_faults(embedding)
        most, least = self.max_capacity_units, self.min_capacity_units
        if not 1 <= most <= MAX_CAPACITY_UNITS or most % 0.5:
            faults.append(f"max_capacity_units is {most}, allowed are 1 to {MAX_CAPACITY_UNITS} in steps of 0.5")
        if not 0 <= least <= most or least % 0.5:
            faults.append(f"min_capacity_units is {least}, allowed are 0 to {most} in steps of 0.5")
        pause = self._pause_seconds()
        if not 300 <= pause <= 86_400:
            faults.append(f"pause_after is {pause:g} seconds, allowed are 300 to 86400")
        return faults

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Make the cluster and its table under *scope*.

        Args:
            scope: The construct that they belong to.
            place: What the store is made for.
        """
        parts = Construct(scope, "Cluster")
        cluster, writer = vector_cluster(
            parts,
            vpc=self.vpc,
            subnets=self.subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            key=place.key,
            removal_policy=place.removal_policy,
            scaling={
                "minCapacity": self.min_capacity_units,
                "maxCapacity": self.max_capacity_units,
                **({} if self.min_capacity_units else {"secondsUntilAutoPause": self._pause_seconds()}),
            },
        )
        dimensions = place.embedding.dimensions
        # Other vectors get a table of their own beside the old one, which serves until the new one is filled.
        name = f"knowledge.passages_{fingerprint(parts, [*table_statements('knowledge.passages', dimensions)])}"
        table = self._table(parts, place, cluster, name)
        table.node.add_dependency(writer)
        secret = cluster.get_att("MasterUserSecret.SecretArn").to_string()
        configuration = {
            "resourceArn": cluster.attr_db_cluster_arn,
            "credentialsSecretArn": secret,
            "databaseName": DATABASE,
            "tableName": name,
            "fieldMapping": FIELD_MAPPING,
        }
        return BoundStore(
            configuration={"type": "RDS", "rdsConfiguration": configuration},
            statements=[
                *data_api_statements(cluster.attr_db_cluster_arn),
                iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[secret]),
            ],
            fingerprint=fingerprint(parts, {"table": name, "key": place.key.key_arn}),
            ready=[table],
            # Aurora user guide, "Performance and scaling for Aurora Serverless v2": percent of the most capacity.
            load=cloudwatch.Metric(
                namespace="AWS/RDS",
                metric_name="ACUUtilization",
                dimensions_map={"DBClusterIdentifier": cluster.ref},
                statistic="Average",
            ),
        )

    def _pause_seconds(self) -> float:
        return 300 if self.pause_after is None else self.pause_after.to_seconds()

    def _table(self, scope: Construct, place: StorePlace, cluster: rds.CfnDBCluster, name: str) -> CustomResource:
        secret = cluster.get_att("MasterUserSecret.SecretArn").to_string()
        function = PythonFunction(
            scope,
            "TableMaker",
            handler_folder="passage_table",
            description="makes the table of a knowledge base",
            key=place.key,
            log_retention=logs.RetentionDays.ONE_YEAR,
            memory_mib=256,
            removal_policy=place.removal_policy,
            timeout=Duration.minutes(5),
        )
        for actions, resource in (
            (["rds-data:ExecuteStatement"], cluster.attr_db_cluster_arn),
            (["secretsmanager:GetSecretValue"], secret),
            (["kms:Decrypt"], place.key.key_arn),
        ):
            function.role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        table = CustomResource(
            scope,
            "Table",
            resource_type="Custom::PassageTable",
            service_token=function.function.function_arn,
            service_timeout=Duration.minutes(6),
            removal_policy=place.removal_policy,
            properties={
                "ClusterArn": cluster.attr_db_cluster_arn,
                "SecretArn": secret,
                "Database": DATABASE,
                "Table": name,
                "Statements": json.dumps(table_statements(name, place.embedding.dimensions)),
            },
        )
        table.node.add_dependency(function)
        return table
