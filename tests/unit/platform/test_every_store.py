"""Every store in every kind of region: clean where it exists, refused with its name where it does not."""

from __future__ import annotations

import json

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from store_builders import CLUSTER, DOMAIN, SECRET, SECRET_KEY, STORES, made

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation.nag import attach_checks, synthesize

pytestmark = pytest.mark.synth

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
GOVCLOUD = "us-gov-west-1"
LACKING = {("neptune", GOVCLOUD): "AWS::NeptuneGraph::Graph"}
KIND_TYPES = ("sql", "kendra", "managed")
TYPES = {
    "s3-vectors": "S3_VECTORS",
    "opensearch-serverless": "OPENSEARCH_SERVERLESS",
    "opensearch-domain": "OPENSEARCH_MANAGED_CLUSTER",
    "aurora": "RDS",
    "aurora-cluster": "RDS",
    "neptune": "NEPTUNE_ANALYTICS",
    "pinecone": "PINECONE",
    "mongodb": "MONGO_DB_ATLAS",
}


def checked(region, *stores):
    """Return the knowledge bases of an app with a stack for each store, synthesized under every check."""
    app = testing.app()
    attach_checks(app)
    stacks = {store: testing.stack(app, region=region, id=store.title().replace("-", "")) for store in stores}
    for store, stack in stacks.items():
        made(stack, STORES[store](stack))
    assembly = synthesize(app)
    return {store: assembly.get_stack_by_name(stack.stack_name).template for store, stack in stacks.items()}


@pytest.mark.parametrize("region", [*REGIONS, GOVCLOUD])
def test_every_store_is_clean_where_it_exists(region):
    """Every pack, our own rules and the validator have nothing to say, and no ARN is of another partition."""
    here = [store for store in STORES if (store, region) not in LACKING]

    for store, template in checked(region, *here).items():
        (base,) = testing.resources(template, "AWS::Bedrock::KnowledgeBase").values()
        assert base["Properties"]["StorageConfiguration"]["Type"] == TYPES[store]
        own = json.dumps(template)
        for given in (CLUSTER, SECRET, SECRET_KEY, DOMAIN):
            own = own.replace(given, "")
        assert "arn:aws:" not in own or region != GOVCLOUD


@pytest.mark.parametrize(("store", "region"), LACKING)
def test_a_store_that_a_region_lacks_is_refused_by_name(store, region):
    """The type that is missing is in the message, before anything is deployed."""
    stack = testing.stack(region=region)

    with pytest.raises(RegionError, match=f"region '{region}' lacks {LACKING[store, region]}"):
        made(stack, STORES[store](stack))


@pytest.mark.parametrize("store", STORES)
def test_the_store_stands_before_the_knowledge_base(store):
    """Whatever a store makes is among what the knowledge base waits for, and so is the policy of its role."""
    stack = testing.stack()
    made(stack, STORES[store](stack))
    template = testing.template(stack)
    (base,) = testing.resources(template, "AWS::Bedrock::KnowledgeBase").values()
    last = {"s3-vectors": "AWS::S3Vectors::Index", "opensearch-serverless": "AWS::OpenSearchServerless::Index"}

    assert any(name.startswith("KnowledgeRoleDefaultPolicy") for name in base["DependsOn"])
    wanted = {**last, "neptune": "AWS::NeptuneGraph::Graph", "aurora-cluster": "Custom::PassageTable"}.get(store)
    assert wanted is None or set(testing.resources(template, wanted)) <= set(base["DependsOn"])


def test_every_store_and_kind_of_the_service_is_here():
    """A store or a kind that CloudFormation learns is one that we lack, and this test says so."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::Bedrock::KnowledgeBase").schema
    definitions = schema["definitions"]

    assert set(definitions["KnowledgeBaseStorageType"]["enum"]) == set(TYPES.values())
    assert set(definitions["KnowledgeBaseType"]["enum"]) == {"VECTOR", *(kind.upper() for kind in KIND_TYPES)}
