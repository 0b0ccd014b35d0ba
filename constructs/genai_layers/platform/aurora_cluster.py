"""An Aurora cluster that holds vectors and nothing else, reached through its Data API."""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from genai_layers.foundation.nag import acknowledge

DATABASE = "knowledge"
# Scales to zero, with pgvector 0.8 (Aurora user guide, release notes) [C].
_ENGINE, _VERSION = "aurora-postgresql", "16.8"
# Not the port that everybody tries; nothing connects to it, since the Data API needs none.
_PORT = 5433
_BACKUP_DAYS = 7

_ACCEPTED = (
    (
        "cluster",
        [
            f"{pack}-RDSLoggingEnabled[LogExport::postgresql]"
            for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
        ],
        "The log of PostgreSQL holds text of documents, and RDS would keep it in a log group without key or end; "
        "every caller comes through the Data API, which CloudTrail can record.",
    ),
    (
        "writer",
        [f"{pack}-RDSEnhancedMonitoringEnabled" for pack in ("HIPAA.Security", "NIST.800.53.R5")],
        "Nobody operates this machine: it is serverless, its capacity and its errors are metrics of CloudWatch.",
    ),
    (
        "writer",
        [f"{pack}-RDSInBackupPlan" for pack in ("HIPAA.Security", "NIST.800.53.R5")],
        "Aurora keeps backups of every second of a week by itself, and ingestion makes the table again from documents "
        "that are kept in their bucket.",
    ),
)


def vector_cluster(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    subnets: ec2.SubnetSelection,
    key: kms.IKey,
    scaling: Mapping[str, float],
    removal_policy: RemovalPolicy,
) -> tuple[rds.CfnDBCluster, rds.CfnDBInstance]:
    """
    Make a cluster with one instance, and return both; the cluster answers once the instance stands.

    Args:
        scope: The construct that they belong to.
        vpc: Network that they lie in.
        subnets: Subnets of it, in two zones at least.
        key: Key of storage, backups and password.
        scaling: `ServerlessV2ScalingConfiguration`.
        removal_policy: What happens to the data when the stack goes.
    """
    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description="a database that nothing connects to"
    )
    places = rds.CfnDBSubnetGroup(
        scope,
        "Subnets",
        db_subnet_group_description="subnets of a knowledge base",
        subnet_ids=vpc.select_subnets(
            availability_zones=subnets.availability_zones,
            one_per_az=subnets.one_per_az,
            subnet_filters=subnets.subnet_filters,
            subnet_group_name=subnets.subnet_group_name,
            subnet_type=subnets.subnet_type,
            subnets=subnets.subnets,
        ).subnet_ids,
    )
    # Not named, so that CloudFormation can replace it.
    cluster = rds.CfnDBCluster(
        scope,
        "Resource",
        engine=_ENGINE,
        engine_version=_VERSION,
        database_name=DATABASE,
        port=_PORT,
        db_subnet_group_name=places.ref,
        vpc_security_group_ids=[group.security_group_id],
        serverless_v2_scaling_configuration=dict(scaling),
        enable_http_endpoint=True,
        enable_iam_database_authentication=True,
        storage_encrypted=True,
        kms_key_id=key.key_arn,
        master_username="knowledge_owner",
        manage_master_user_password=True,
        master_user_secret=rds.CfnDBCluster.MasterUserSecretProperty(kms_key_id=key.key_arn),
        backup_retention_period=_BACKUP_DAYS,
        copy_tags_to_snapshot=True,
        deletion_protection=removal_policy is not RemovalPolicy.DESTROY,
    )
    writer = rds.CfnDBInstance(
        scope,
        "Writer",
        db_instance_class="db.serverless",
        engine=_ENGINE,
        db_cluster_identifier=cluster.ref,
        publicly_accessible=False,
        auto_minor_version_upgrade=True,
    )
    # Together: a cluster that outlives its subnets and its security group holds them, and no stack could delete them.
    for resource in (group, places, cluster, writer):
        resource.apply_removal_policy(removal_policy)
    for construct, rules, reason in _ACCEPTED:
        for finding in rules:
            acknowledge(cluster if construct == "cluster" else writer, finding, reason=reason)
    return cluster, writer
