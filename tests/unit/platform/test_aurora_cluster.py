"""An Aurora cluster of its own: closed, under the key, paused while idle, and with its table before anything else."""

from __future__ import annotations

import json

import pytest
from aws_cdk import Duration, RemovalPolicy
from store_builders import aurora_cluster, made, one

from genai_layers import testing
from genai_layers.platform import EmbeddingModel, KnowledgeBaseError

pytestmark = pytest.mark.synth


def synthesized(**props):
    """Return the template of a knowledge base over a cluster of its own."""
    stack = testing.stack()
    made(stack, aurora_cluster(stack), **props)
    return testing.template(stack)


@pytest.fixture(scope="module")
def template():
    """Return the template with everything as it is by default."""
    return synthesized()


def table_of(template) -> dict:
    """Return the properties of the table."""
    return one(template, "Custom::PassageTable")[1]["Properties"]


def test_the_cluster_pauses_while_nobody_asks_and_cannot_grow_without_end(template):
    """Zero units after five minutes, four at most."""
    _, cluster = one(template, "AWS::RDS::DBCluster")

    assert cluster["Properties"]["ServerlessV2ScalingConfiguration"] == {
        "MinCapacity": 0,
        "MaxCapacity": 4,
        "SecondsUntilAutoPause": 300,
    }
    assert cluster["Properties"]["EnableHttpEndpoint"] is True


def test_storage_and_password_are_under_the_key_and_rds_changes_the_password(template):
    """Nobody writes a password, and nothing of ours rotates it."""
    _, cluster = one(template, "AWS::RDS::DBCluster")
    key = {"Fn::GetAtt": [one(template, "AWS::KMS::Key")[0], "Arn"]}
    properties = cluster["Properties"]

    assert (properties["StorageEncrypted"], properties["KmsKeyId"]) == (True, key)
    assert (properties["ManageMasterUserPassword"], properties["MasterUserSecret"]) == (True, {"KmsKeyId": key})
    assert "MasterUserPassword" not in properties


def test_nothing_of_the_network_may_connect(template):
    """The Data API needs no way in, so there is none."""
    _, group = one(template, "AWS::EC2::SecurityGroup")
    _, writer = one(template, "AWS::RDS::DBInstance")

    assert "SecurityGroupIngress" not in group["Properties"]
    assert testing.resources(template, "AWS::EC2::SecurityGroupIngress") == {}
    assert writer["Properties"]["PubliclyAccessible"] is False


def test_the_order_is_cluster_instance_rights_table_knowledge_base(template):
    """Each is refused without the one before it; a cluster without an instance answers nothing."""
    table, resource = one(template, "Custom::PassageTable")
    writer, instance = one(template, "AWS::RDS::DBInstance")
    cluster, _ = one(template, "AWS::RDS::DBCluster")
    _, base = one(template, "AWS::Bedrock::KnowledgeBase")

    assert instance["Properties"]["DBClusterIdentifier"] == {"Ref": cluster}
    assert writer in resource["DependsOn"]
    assert any("TableMakerRole" in name and "Policy" in name for name in resource["DependsOn"])
    assert table in base["DependsOn"]


def test_the_knowledge_base_names_the_table_that_is_made(template):
    """Table, dimensions and fields are one contract."""
    _, base = one(template, "AWS::Bedrock::KnowledgeBase")
    configuration = base["Properties"]["StorageConfiguration"]["RdsConfiguration"]
    table = table_of(template)
    sql = "\n".join(json.loads(table["Statements"]))

    assert configuration["TableName"] == table["Table"]
    assert configuration["DatabaseName"] == table["Database"]
    assert f"CREATE TABLE IF NOT EXISTS {table['Table']} " in sql
    assert "vector(1024)" in sql
    assert "USING gin (to_tsvector('simple', chunks))" in sql
    assert all(f"{field} " in sql for field in configuration["FieldMapping"].values())


def test_other_vectors_get_a_table_of_their_own():
    """The old table serves until the new one is filled, and the name of the knowledge base moves along."""
    before, after = synthesized(), synthesized(embedding=EmbeddingModel.TITAN_TEXT_V2_SMALL)

    assert table_of(before)["Table"] != table_of(after)["Table"]
    assert [one(found, "AWS::RDS::DBCluster")[0] for found in (before, after)] == [
        one(before, "AWS::RDS::DBCluster")[0]
    ] * 2
    names = [one(found, "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["Name"] for found in (before, after)]
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("policy", "expected", "protected"),
    [(RemovalPolicy.RETAIN, "Retain", True), (RemovalPolicy.DESTROY, "Delete", False)],
)
def test_data_goes_or_stays_whole(policy, expected, protected):
    """A cluster that outlives its subnets could not be kept, and a protected one could not go."""
    found = synthesized(removal_policy=policy)
    kinds = (
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBSubnetGroup",
        "AWS::EC2::SecurityGroup",
        "Custom::PassageTable",
    )

    assert {one(found, kind)[1]["DeletionPolicy"] for kind in kinds} == {expected}
    assert one(found, "AWS::RDS::DBCluster")[1]["Properties"]["DeletionProtection"] is protected


def test_who_makes_the_table_may_do_nothing_else(template, may):
    """One cluster, one secret; it deletes no cluster and changes no password."""
    cluster, _ = one(template, "AWS::RDS::DBCluster")
    ours = "arn:aws:rds:us-east-1:111122223333:cluster:knowledge"
    known = {f"{cluster}.DBClusterArn": ours}

    answers = may(
        template,
        "KnowledgeClusterTableMakerRole",
        ("rds-data:ExecuteStatement", ours, {}),
        ("rds-data:ExecuteStatement", f"{ours}-2", {}),
        ("rds:DeleteDBCluster", ours, {}),
        known=known,
    )

    assert answers == [True, False, False]


def test_a_cluster_that_cannot_be_is_refused_with_all_its_faults():
    """Capacity, pause and vectors are one message."""
    stack = testing.stack()
    store = aurora_cluster(stack, max_capacity_units=0.5, min_capacity_units=2, pause_after=Duration.seconds(30))

    with pytest.raises(KnowledgeBaseError) as error:
        made(stack, store, embedding=EmbeddingModel.NOVA_MULTIMODAL)

    assert len(error.value.faults) == 4
    assert "pause_after is 30 seconds, allowed are 300 to 86400" in str(error.value)
