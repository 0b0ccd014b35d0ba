"""Stores other than the default: what the service demands of each is pinned, and nothing is public."""

from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import RemovalPolicy
from store_builders import aurora, made, one

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    KnowledgeBaseError,
    OpenSearchServerlessStore,
)

pytestmark = pytest.mark.synth


def policy(template, fill, kind):
    """Return the parsed document of the policy of a kind: encryption, network or data."""
    found = [
        *testing.resources(template, "AWS::OpenSearchServerless::SecurityPolicy").values(),
        *testing.resources(template, "AWS::OpenSearchServerless::AccessPolicy").values(),
    ]
    (document,) = [one["Properties"]["Policy"] for one in found if one["Properties"]["Type"] == kind]
    text = fill(document)
    return json.loads(text if isinstance(text, str) else text["Fn::Sub"])


@pytest.fixture(scope="module")
def template():
    """Return a template with a knowledge base on OpenSearch Serverless."""
    stack = testing.stack()
    made(stack, OpenSearchServerlessStore())
    return testing.template(stack)


@pytest.mark.parametrize("kind", ["opensearch", "aurora"])
def test_every_store_is_clean_under_every_pack(kind):
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    made(stack, OpenSearchServerlessStore() if kind == "opensearch" else aurora(stack))

    testing.template(stack)


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-northeast-1", "us-gov-west-1"])
def test_every_store_synthesizes_where_it_exists(region, fill):
    """Three regions and GovCloud, each with the ARNs of its partition."""
    stack = testing.stack(region=region)
    made(stack, OpenSearchServerlessStore())
    partition = "aws-us-gov" if "gov" in region else "aws"

    text = str(fill(testing.template(stack)["Resources"], region=region))

    assert f"arn:{partition}:bedrock:{region}::foundation-model/" in text
    assert partition == "aws" or "arn:aws:" not in text


def test_a_region_without_the_store_is_refused():
    """The message names the type that is missing."""
    with pytest.raises(RegionError, match="lacks AWS::Bedrock::KnowledgeBase"):
        made(testing.stack(region="cn-north-1"), OpenSearchServerlessStore())


def test_the_index_is_what_bedrock_accepts(template):
    """No engine but faiss, the metadata not indexed, and the fields that the knowledge base names."""
    _, index = one(template, "AWS::OpenSearchServerless::Index")
    fields = index["Properties"]["Mappings"]["Properties"]
    _, knowledge = one(template, "AWS::Bedrock::KnowledgeBase")
    storage = knowledge["Properties"]["StorageConfiguration"]["OpensearchServerlessConfiguration"]

    assert index["Properties"]["Settings"] == {"Index": {"Knn": True}}
    vector = fields[storage["FieldMapping"]["VectorField"]]
    assert (vector["Type"], vector["Dimension"]) == ("knn_vector", 1024)
    assert (vector["Method"]["Engine"], vector["Method"]["Name"]) == ("faiss", "hnsw")
    assert fields[storage["FieldMapping"]["TextField"]] == {"Type": "text", "Index": True}
    assert fields[storage["FieldMapping"]["MetadataField"]] == {"Type": "text", "Index": False}
    assert storage["VectorIndexName"] == index["Properties"]["IndexName"]


def test_nobody_reaches_the_collection_but_bedrock_and_named_endpoints(template, fill):
    """The collection is not public; endpoints are added by name."""
    (network,) = policy(template, fill, "network")

    assert network["AllowFromPublic"] is False
    assert network["SourceServices"] == ["bedrock.amazonaws.com"]
    assert "SourceVPCEs" not in network

    stack = testing.stack()
    made(stack, OpenSearchServerlessStore(vpc_endpoint_ids=["vpce-0abc"]))
    (network,) = policy(testing.template(stack), fill, "network")
    assert network["SourceVPCEs"] == ["vpce-0abc"]


def test_the_collection_is_under_the_key(template, fill):
    """The encryption policy names our key."""
    encryption = policy(template, fill, "encryption")

    assert encryption["AWSOwnedKey"] is False
    assert encryption["KmsARN"].startswith("arn:aws:made:us-east-1:111122223333:Key")


def test_the_data_policy_names_the_knowledge_base_and_who_makes_the_index(template, fill):
    """Without the deploying role in it a deploy fails with a 403; neither may do more than its part."""
    knowledge, deploys = policy(template, fill, "data")

    assert ":KnowledgeRole" in knowledge["Principal"][0]
    assert "aoss:CreateIndex" not in knowledge["Rules"][0]["Permission"]
    assert deploys["Principal"][0].endswith("role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1")
    assert "aoss:ReadDocument" not in deploys["Rules"][0]["Permission"]


def test_a_stack_without_an_execution_role_must_say_who_deploys():
    """A synthesizer without a bootstrap has no such role, and the failure would come from the deploy."""
    app = testing.app()
    environment = cdk.Environment(account=testing.ACCOUNT, region="us-east-1")
    stack = cdk.Stack(app, "Plain", env=environment, synthesizer=cdk.LegacyStackSynthesizer())

    with pytest.raises(KnowledgeBaseError, match="give deploy_role_arn"):
        made(stack, OpenSearchServerlessStore())


def test_the_collection_costs_nothing_while_idle_and_has_a_bound(template):
    """The group is of the next generation, down to zero units, and cannot grow without end."""
    _, group = one(template, "AWS::OpenSearchServerless::CollectionGroup")
    limits = group["Properties"]["CapacityLimits"]

    assert group["Properties"]["Generation"] == "NEXTGEN"
    assert limits["MinIndexingCapacityInOcu"] == limits["MinSearchCapacityInOcu"] == 0
    assert limits["MaxSearchCapacityInOcu"] == 4


def test_order_is_policies_collection_index_knowledge_base(template):
    """Each is refused without the one before it."""
    collection, resource = one(template, "AWS::OpenSearchServerless::Collection")
    index, made_index = one(template, "AWS::OpenSearchServerless::Index")
    _, knowledge = one(template, "AWS::Bedrock::KnowledgeBase")

    assert len(resource["DependsOn"]) == 4
    assert made_index["Properties"]["CollectionEndpoint"]["Fn::GetAtt"][0] == collection
    assert index in knowledge["DependsOn"]


def test_names_fit_and_move_with_what_is_replaced(template):
    """A fixed name would collide with the collection that is being replaced, or with leftovers."""

    def name(store) -> tuple[str, str]:
        stack = testing.stack()
        made(stack, store)
        found = testing.template(stack)
        return (
            one(found, "AWS::OpenSearchServerless::Collection")[1]["Properties"]["Name"],
            one(found, "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["Name"],
        )

    first = name(OpenSearchServerlessStore())
    assert re.fullmatch(r"[a-z][a-z0-9-]{2,31}", first[0])
    assert name(OpenSearchServerlessStore(max_search_units=8)) == first


def test_a_kept_collection_keeps_its_policies():
    """A collection that outlives its policies can be reached by nobody."""
    for removal_policy, expected in ((RemovalPolicy.RETAIN, "Retain"), (RemovalPolicy.DESTROY, "Delete")):
        stack = testing.stack()
        made(stack, OpenSearchServerlessStore(), removal_policy=removal_policy)
        template = testing.template(stack)
        kept = {
            resource["DeletionPolicy"]
            for resource in template["Resources"].values()
            if resource["Type"].startswith("AWS::OpenSearchServerless")
        }
        assert kept == {expected}


def test_units_in_odd_steps_are_refused():
    """Capacity comes in halves of a unit, from one upwards."""
    with pytest.raises(KnowledgeBaseError, match=r"max_search_units is 0\.5, allowed are 1 and more in steps of 0.5"):
        made(testing.stack(), OpenSearchServerlessStore(max_search_units=0.5))
