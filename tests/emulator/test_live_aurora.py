"""
The table of a knowledge base in Aurora, asked for by a function that really runs.

The local cloud has no PostgreSQL: its Data API takes few statements and refuses the rest, which is used both ways.
"""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.platform import AuroraClusterStore, EmbeddingModel, KnowledgeBase
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import StackFailedError

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

PASSWORD = json.dumps({"username": "knowledge_owner", "password": "only-here"})
BROKEN = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}}


def resources(**props: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return resources and outputs of a stack with a knowledge base over a cluster of its own."""
    made = cdk.Stack(testing.app(), "Live", env=cdk.Environment(account=ACCOUNT, region=REGION))
    uses = (*KnowledgeBase.REQUIRED_KEY_USES, *AuroraClusterStore.REQUIRED_KEY_USES)
    key = EncryptionKey(made, "Key", description="live", uses=uses, removal_policy=cdk.RemovalPolicy.DESTROY)
    vpc = ec2.Vpc(
        made,
        "Vpc",
        availability_zones=[f"{REGION}a", f"{REGION}b"],
        nat_gateways=0,
        restrict_default_security_group=False,
        subnet_configuration=[ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )
    base = KnowledgeBase(made, "Knowledge", key=key.key, access_logs=None, store=AuroraClusterStore(vpc=vpc), **props)
    cdk.CfnOutput(made, "Base", value=base.knowledge_base_id)
    template = testing.template(made)
    for resource in template["Resources"].values():
        if resource["Type"] != "Custom::PassageTable":
            resource.pop("DeletionPolicy", None)
            resource.pop("UpdateReplacePolicy", None)
        if resource["Type"] == "AWS::RDS::DBCluster":
            resource["Properties"]["DeletionProtection"] = False
    # The local cloud has no attribute for the secret that RDS keeps, so one stands beside the cluster.
    given = json.dumps(template["Resources"])
    (cluster,) = testing.resources(template, "AWS::RDS::DBCluster")
    secret = json.dumps({"Fn::GetAtt": [cluster, "MasterUserSecret.SecretArn"]})
    assert secret in given
    there = json.loads(given.replace(secret, json.dumps({"Ref": "Password"})))
    there["Password"] = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": PASSWORD}}
    return there, {name: one["Value"] for name, one in template["Outputs"].items()}


def table_of(stack) -> str:
    """Return the physical id of the table that the stack has."""
    (table,) = [
        made for name, made in stack.physical_ids().items() if name.startswith("KnowledgeClusterTable") and "." in made
    ]
    return table


def understood(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return resources whose table is made by a statement that the local cloud takes."""
    (table,) = [one for one in wanted.values() if one["Type"] == "Custom::PassageTable"]
    name = table["Properties"]["Table"].replace(".", "_")
    table["Properties"]["Statements"] = json.dumps([f"CREATE DATABASE IF NOT EXISTS {name}"])
    return wanted


def test_other_vectors_get_a_table_beside_the_old_one_and_a_failed_update_leaves_that(stack, code):
    """The function answers CloudFormation each time; the table and the knowledge base move together."""
    wanted, outputs = resources()
    first = stack.deploy(code(understood(wanted)), outputs)
    table = table_of(stack)

    wanted, outputs = resources(embedding=EmbeddingModel.TITAN_TEXT_V2_SMALL)
    late = [name for name, one in wanted.items() if one["Type"] == "AWS::Bedrock::KnowledgeBase"]
    changed = code(understood(wanted))
    with pytest.raises(StackFailedError, match="ROLLBACK"):
        stack.deploy({**changed, "Broken": {**BROKEN, "DependsOn": late}}, outputs)
    after_failure = table_of(stack)
    second = stack.deploy(changed, outputs)

    assert after_failure == table
    assert table_of(stack) != table
    assert first["Base"] != second["Base"]


def test_a_statement_that_is_refused_fails_the_deploy_in_its_own_words_and_leaves_nothing(stack, clients, code):
    """The reason is in the events of the stack, not in a log; what was made before goes again."""
    wanted, outputs = resources()

    with pytest.raises(StackFailedError, match="CREATE EXTENSION IF NOT EXISTS vector"):
        stack.deploy(code(wanted), outputs)
    stack.delete()

    assert clients("rds").describe_db_clusters()["DBClusters"] == []
