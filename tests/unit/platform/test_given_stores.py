"""Stores that stand already or belong to a vendor: what they must be made with, and who may use them."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_opensearchservice as opensearch
from store_builders import DOMAIN, OUTSIDE, SECRET, SECRET_KEY, domain, made, mongodb, one, pinecone

from genai_layers import testing
from genai_layers.platform import EmbeddingModel, KnowledgeBaseError, OpenSearchDomainStore

pytestmark = pytest.mark.synth

TITAN = EmbeddingModel.TITAN_TEXT_V2
SMALL = EmbeddingModel.TITAN_TEXT_V2_SMALL


def storage(stack, store, kind, **props):
    """Return the storage configuration of a knowledge base over a store."""
    made(stack, store, **props)
    _, base = one(testing.template(stack), "AWS::Bedrock::KnowledgeBase")
    return base["Properties"]["StorageConfiguration"][kind]


def made_domain(stack, **props):
    """Return a domain of the same app, as Bedrock wants it and as it should be."""
    given = {
        "version": opensearch.EngineVersion.OPENSEARCH_2_19,
        "enforce_https": True,
        "node_to_node_encryption": True,
        "encryption_at_rest": opensearch.EncryptionAtRestOptions(enabled=True, kms_key=kms.Key(stack, "DomainKey")),
        "fine_grained_access_control": opensearch.AdvancedSecurityOptions(
            master_user_arn="arn:aws:iam::111122223333:role/owner"
        ),
    }
    return opensearch.Domain(stack, "OwnDomain", **{**given, **props})


def test_the_index_of_a_domain_is_what_bedrock_accepts():
    """Engine, method, distance and fields, in the words of the OpenSearch API, under the names that Bedrock is told."""
    stack = testing.stack()
    store = domain(stack)
    fields = store.index_body(TITAN)["mappings"]["properties"]
    mapping = storage(stack, store, "OpensearchManagedClusterConfiguration")["FieldMapping"]
    vector = fields[mapping["VectorField"]]

    assert store.index_body(TITAN)["settings"] == {"index": {"knn": True}}
    assert (vector["type"], vector["dimension"]) == ("knn_vector", 1024)
    assert vector["method"] == {
        "engine": "faiss",
        "name": "hnsw",
        "space_type": "l2",
        "parameters": {"ef_construction": 512, "m": 16},
    }
    assert fields[mapping["TextField"]] == {"type": "text", "index": True}
    assert fields[mapping["MetadataField"]] == {"type": "text", "index": False}
    assert store.index_body(SMALL)["mappings"]["properties"][mapping["VectorField"]]["dimension"] == 256


def test_the_role_may_use_one_index_of_the_domain(may):
    """Other indexes and other domains stay denied, and so do the settings of the domain."""
    stack = testing.stack()
    made(stack, domain(stack))

    answers = may(
        testing.template(stack),
        "KnowledgeRole",
        ("es:DescribeDomain", DOMAIN, {}),
        ("es:ESHttpPost", f"{DOMAIN}/passages/_search", {}),
        ("es:ESHttpPut", f"{DOMAIN}/passages", {}),
        ("es:ESHttpPost", f"{DOMAIN}/payroll/_search", {}),
        ("es:ESHttpPut", f"{DOMAIN}/_plugins/_security/api/roles/all", {}),
        ("es:ESHttpPost", f"{DOMAIN}-2/passages/_search", {}),
        ("es:UpdateDomainConfig", DOMAIN, {}),
    )

    assert answers == [True, True, True, False, False, False, False]


def test_the_role_of_opensearch_is_for_the_one_index():
    """What the owner of the domain maps to the role of the knowledge base cannot read anything else."""
    role = domain(testing.stack()).role_body()
    (index,) = role["index_permissions"]

    assert index["index_patterns"] == ["passages"]
    assert not any(action == "*" or action.startswith("cluster:") for action in role["cluster_permissions"])


def test_a_domain_that_bedrock_cannot_reach_is_refused():
    """A VPC endpoint is told by its name, before the service refuses it minutes into a deploy."""
    stack = testing.stack()
    private = opensearch.Domain.from_domain_attributes(
        stack, "Private", domain_arn=DOMAIN, domain_endpoint="vpc-handbook-abc.us-east-1.es.amazonaws.com"
    )

    with pytest.raises(KnowledgeBaseError, match="in a VPC, where Bedrock reaches no domain: choose a domain with"):
        made(stack, domain(stack, domain=private, index="Passages"))


def test_a_domain_of_the_same_app_is_checked_whole():
    """Every setting that a public endpoint needs is named at once."""
    stack = testing.stack()
    bare = opensearch.Domain(
        stack,
        "Bare",
        version=opensearch.EngineVersion.OPENSEARCH_1_3,
        vpc=ec2.Vpc(stack, "Vpc"),
        capacity=opensearch.CapacityConfig(data_nodes=2),
    )

    with pytest.raises(KnowledgeBaseError) as error:
        made(stack, OpenSearchDomainStore(domain=bare, index="passages"))

    assert len(error.value.faults) == 7
    assert "set fine_grained_access_control" in str(error.value)
    assert "Bedrock needs OpenSearch_2.13 or later" in str(error.value)


def test_a_domain_of_the_same_app_that_is_guarded_is_taken():
    """The endpoint is a reference then, and is put behind https."""
    stack = testing.stack()
    found = storage(
        stack,
        OpenSearchDomainStore(domain=made_domain(stack), index="passages"),
        "OpensearchManagedClusterConfiguration",
    )

    assert found["DomainEndpoint"]["Fn::Join"][1][0] == "https://"


def test_a_vendor_is_told_the_fields_that_the_service_writes():
    """Index and knowledge base are written apart, so they are compared."""
    stack = testing.stack()
    store = mongodb(stack, filterable=["tenant"])
    mapping = storage(stack, store, "MongoDbAtlasConfiguration")["FieldMapping"]
    vector, *filters = store.index_body(SMALL)["fields"]

    assert vector == {
        "type": "vector",
        "path": mapping["VectorField"],
        "numDimensions": 256,
        "similarity": "cosine",
    }
    assert {mapping["MetadataField"], "tenant"} <= {one["path"] for one in filters}
    assert pinecone(testing.stack()).index_body(SMALL) == {
        "dimension": 256,
        "metric": "cosine",
        "vector_type": "dense",
    }


@pytest.mark.parametrize("build", [pinecone, mongodb], ids=["pinecone", "mongodb"])
def test_a_vendor_is_reached_with_one_secret_under_our_key(build, may):
    """Another secret and another key stay denied; why text leaves AWS is written on the knowledge base."""
    stack = testing.stack()
    made(stack, build(stack))
    template = testing.template(stack)
    _, base = one(template, "AWS::Bedrock::KnowledgeBase")

    answers = may(
        template,
        "KnowledgeRole",
        ("secretsmanager:GetSecretValue", SECRET, {}),
        ("secretsmanager:GetSecretValue", SECRET.replace("knowledge-", "other-"), {}),
        ("secretsmanager:PutSecretValue", SECRET, {}),
    )

    assert answers == [True, False, False]
    assert SECRET_KEY in str(template["Resources"])
    assert base["Metadata"]["genai-layers:outside-aws"] == OUTSIDE


def test_atlas_is_reached_over_privatelink_alone():
    """The endpoint service is no option: without it the service would come over the internet."""
    stack = testing.stack()
    found = storage(stack, mongodb(stack), "MongoDbAtlasConfiguration")

    assert found["EndpointServiceName"].startswith("com.amazonaws.vpce.us-east-1.vpce-svc-")
    with pytest.raises(KnowledgeBaseError, match="endpoint_service_name '' is no endpoint service"):
        made(testing.stack(), mongodb(testing.stack(id="Other"), endpoint_service_name=""))


def test_a_vendor_that_cannot_be_is_refused_with_all_its_faults():
    """Address, reason and names are one message."""
    with pytest.raises(KnowledgeBaseError) as error:
        made(testing.stack(), mongodb(testing.stack(id="A"), endpoint="https://x", collection="", outside_reason="-"))
    assert len(error.value.faults) == 3
    with pytest.raises(KnowledgeBaseError, match=r"is no address of an index.*namespace is empty"):
        made(testing.stack(), pinecone(testing.stack(id="B"), endpoint="http://x.example", namespace=""))
