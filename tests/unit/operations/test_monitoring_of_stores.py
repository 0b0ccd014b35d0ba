"""The store of a knowledge base is watched by what it uses of what it may."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.operations import IMeteredStore, Monitoring
from genai_layers.operations.store_watches import STORE
from genai_layers.platform import AuroraClusterStore, KnowledgeBase, KnowledgeBaseError

pytestmark = pytest.mark.synth

USES = (
    *KnowledgeBase.REQUIRED_KEY_USES,
    *AuroraClusterStore.REQUIRED_KEY_USES,
    *Monitoring.REQUIRED_KEY_USES,
)


def test_a_cluster_that_is_full_is_told_with_what_to_do() -> None:
    """The alarm is on the cluster of the knowledge base, above nine tenths of the most capacity."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="all", uses=USES).key
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
    )
    base = KnowledgeBase(stack, "Base", key=key, access_logs=None, store=AuroraClusterStore(vpc=vpc))
    monitoring = Monitoring(stack, "Monitoring", key=key, email="oncall@example.com")

    monitoring.monitor_store(base)
    template = testing.template(stack)
    (cluster,) = testing.resources(template, "AWS::RDS::DBCluster")
    (alarm,) = (
        one["Properties"]
        for one in testing.resources(template, "AWS::CloudWatch::Alarm").values()
        if one["Properties"].get("MetricName") == "ACUUtilization"
    )

    assert isinstance(base, IMeteredStore)
    assert alarm["Dimensions"] == [{"Name": "DBClusterIdentifier", "Value": {"Ref": cluster}}]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Namespace"]) == (90, 3, "AWS/RDS")
    assert [row.id for row in STORE.alarms] == ["Load"]


def test_a_store_without_a_bound_has_nothing_to_watch() -> None:
    """An alarm on a metric that nobody writes is always quiet."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="all", uses=USES).key
    base = KnowledgeBase(stack, "Base", key=key, access_logs=None)

    with pytest.raises(KnowledgeBaseError, match="the store tells no load: AuroraClusterStore does"):
        base.metric_store_load()
