"""The knowledge base: what its role may do, what must stand first, and what moves when something is replaced."""

from __future__ import annotations

import re

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    Chunking,
    Distance,
    EmbeddingModel,
    IKnowledgeBase,
    KnowledgeBase,
    KnowledgeBaseError,
    S3VectorsStore,
)
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

ROLE = "arn:aws:iam::111122223333:role/knowledge"
KB = "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/ABCDEFGHIJ"
INDEX = "arn:aws:s3vectors:us-east-1:111122223333:bucket/vectors/index/passages"
TITAN = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"


def made(stack, **props) -> KnowledgeBase:
    """Return a knowledge base with a key of its own."""
    key = EncryptionKey(stack, "Key", description="knowledge", uses=KnowledgeBase.REQUIRED_KEY_USES)
    return KnowledgeBase(stack, "Knowledge", **{"key": key.key, "access_logs": None, **props})


def one(template, type):
    """Return logical id and resource of the only resource of a type."""
    ((logical_id, resource),) = testing.resources(template, type).items()
    return logical_id, resource


def names(**props) -> tuple[str, str]:
    """Return the names of knowledge base and data source in a fresh stack."""
    stack = testing.stack()
    made(stack, **props)
    template = testing.template(stack)
    return (
        one(template, "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["Name"],
        one(template, "AWS::Bedrock::DataSource")[1]["Properties"]["Name"],
    )


@pytest.fixture(scope="module")
def template():
    """Return a template with one knowledge base and two roles that use it."""
    stack = testing.stack()
    knowledge = made(stack)
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    worker = iam.Role(stack, "Worker", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    knowledge.grant_retrieve(reader)
    knowledge.grant_ingest(worker)
    return testing.template(stack)


@pytest.fixture(scope="module")
def known(template):
    """Return what the references of the template become in a deploy."""
    return {
        f"{one(template, 'AWS::S3Vectors::Index')[0]}.IndexArn": INDEX,
        f"{one(template, 'AWS::S3::Bucket')[0]}.Arn": "arn:aws:s3:::documents",
        f"{one(template, 'AWS::KMS::Key')[0]}.Arn": "arn:aws:kms:us-east-1:111122223333:key/one",
        f"{one(template, 'AWS::Bedrock::KnowledgeBase')[0]}.KnowledgeBaseArn": KB,
    }


@pytest.fixture(scope="module")
def ask(template, known, fill, policies_of):
    """Return a function that asks whether a role of the template may make each of some requests."""

    def asked(role, *requests):
        policies = fill(policies_of(template, role), known)
        key_policy = fill(one(template, "AWS::KMS::Key")[1]["Properties"]["KeyPolicy"], known)
        return [
            decision.allowed
            for decision in evaluate(
                [
                    Request(
                        principal=ROLE,
                        action=action,
                        resource=resource,
                        context=context,
                        identity_policies=policies,
                        resource_policy=key_policy if action.startswith("kms:") else None,
                        resource_account="111122223333",
                    )
                    for action, resource, context in requests
                ]
            )
        ]

    return asked


def test_a_knowledge_base_is_clean_under_every_pack():
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    made(stack, access_logs=s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs"))

    testing.template(stack)


def test_the_role_may_do_what_ingestion_and_retrieval_need(ask):
    """It runs the embedding model, reads the documents, keeps the vectors and uses the key."""
    ours = {"aws:ResourceAccount": "111122223333"}

    answers = ask(
        "KnowledgeRole",
        ("bedrock:InvokeModel", TITAN, {}),
        ("s3:ListBucket", "arn:aws:s3:::documents", ours),
        ("s3:GetObject", "arn:aws:s3:::documents/handbook.pdf", ours),
        *[
            (f"s3vectors:{action}", INDEX, ours)
            for action in ("PutVectors", "GetVectors", "QueryVectors", "DeleteVectors", "GetIndex")
        ],
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/one", {}),
        ("kms:GenerateDataKey", "arn:aws:kms:us-east-1:111122223333:key/one", {}),
    )

    assert answers == [True] * len(answers)


def test_the_role_may_do_nothing_else(ask):
    """Other models, other buckets, writes, and resources of other accounts are denied."""
    ours = {"aws:ResourceAccount": "111122223333"}

    answers = ask(
        "KnowledgeRole",
        ("bedrock:InvokeModel", TITAN.replace("titan-embed-text-v2:0", "nova-pro-v1:0"), {}),
        ("s3:GetObject", "arn:aws:s3:::other/secret.pdf", ours),
        ("s3:GetObject", "arn:aws:s3:::documents/handbook.pdf", {"aws:ResourceAccount": "999999999999"}),
        ("s3:PutObject", "arn:aws:s3:::documents/handbook.pdf", {}),
        ("s3vectors:DeleteIndex", INDEX, ours),
        ("s3vectors:PutVectors", INDEX + "s", ours),
    )

    assert answers == [False] * len(answers)


def test_only_a_knowledge_base_of_this_account_can_take_on_the_role(template, fill):
    """The trust policy names the account and the kind of resource, against a confused deputy."""
    roles = testing.resources(template, "AWS::IAM::Role")
    (trust,) = [
        fill(role["Properties"]["AssumeRolePolicyDocument"])
        for name, role in roles.items()
        if name.startswith("KnowledgeRole")
    ]

    def assume(account: str, source: str) -> Request:
        return Request(
            principal="bedrock.amazonaws.com",
            action="sts:AssumeRole",
            resource=ROLE,
            context={"aws:SourceAccount": account, "aws:SourceArn": source},
            resource_policy=trust,
        )

    decisions = evaluate(
        [
            assume("111122223333", KB),
            assume("999999999999", KB.replace("111122223333", "999999999999")),
            assume("111122223333", KB.replace("knowledge-base", "agent")),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False, False]


def test_a_reader_may_retrieve_and_nothing_more(ask):
    """Retrieval is granted on this knowledge base only; ingestion is another grant."""
    other = KB.replace("ABCDEFGHIJ", "ZZZZZZZZZZ")

    assert ask(
        "Reader", ("bedrock:Retrieve", KB, {}), ("bedrock:Retrieve", other, {}), ("bedrock:StartIngestionJob", KB, {})
    ) == [True, False, False]


def test_an_ingester_may_start_and_watch_jobs(ask):
    """The three actions of ingestion are granted, retrieval is not."""
    actions = ("StartIngestionJob", "GetIngestionJob", "ListIngestionJobs", "Retrieve")

    assert ask("Worker", *[(f"bedrock:{action}", KB, {}) for action in actions]) == [True, True, True, False]


def test_retrieve_and_generate_is_granted_only_on_request(fill, policies_of):
    """The action has no resource in IAM, so it has a grant of its own that says so."""
    stack = testing.stack()
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    made(stack).grant_retrieve_and_generate(reader)
    (policy,) = policies_of(testing.template(stack), "Reader")

    assert [statement["Action"] for statement in policy["Statement"] if statement["Resource"] == "*"] == [
        "bedrock:RetrieveAndGenerate"
    ]


def test_the_policy_and_the_index_stand_before_the_knowledge_base(template):
    """The service tries both at once; a role whose policy comes later fails most of the time."""
    _, knowledge = one(template, "AWS::Bedrock::KnowledgeBase")
    needed = set(knowledge["DependsOn"])

    assert one(template, "AWS::S3Vectors::Index")[0] in needed
    assert any(name.startswith("KnowledgeRoleDefaultPolicy") for name in needed)


def test_the_index_declares_the_keys_of_bedrock_as_not_filterable(template):
    """A filterable key holds 2 KB; a passage of ordinary length would be refused, and no index can be changed."""
    _, index = one(template, "AWS::S3Vectors::Index")
    properties = index["Properties"]

    assert set(properties["MetadataConfiguration"]["NonFilterableMetadataKeys"]) == {
        "AMAZON_BEDROCK_TEXT",
        "AMAZON_BEDROCK_METADATA",
    }
    assert (properties["DataType"], properties["DistanceMetric"], properties["Dimension"]) == (
        "float32",
        "cosine",
        1024,
    )


def test_vectors_documents_and_ingestion_are_under_the_key(template):
    """One key covers what people wrote, what was made of it, and what is kept on the way."""
    key = {"Fn::GetAtt": [one(template, "AWS::KMS::Key")[0], "Arn"]}
    vectors = one(template, "AWS::S3Vectors::VectorBucket")[1]["Properties"]["EncryptionConfiguration"]
    source = one(template, "AWS::Bedrock::DataSource")[1]["Properties"]["ServerSideEncryptionConfiguration"]

    assert vectors == {"SseType": "aws:kms", "KmsKeyArn": key}
    assert source == {"KmsKeyArn": key}


def test_deleting_the_source_leaves_the_vectors_alone(template):
    """With DELETE the source could not go once its store is gone, and the knowledge base would hang."""
    assert one(template, "AWS::Bedrock::DataSource")[1]["Properties"]["DataDeletionPolicy"] == "RETAIN"


def test_events_of_the_bucket_reach_eventbridge_without_a_custom_resource(template):
    """The property is native; a Lambda function for it would be one more thing to run."""
    _, bucket = one(template, "AWS::S3::Bucket")

    assert bucket["Properties"]["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    assert testing.resources(template, "AWS::Lambda::Function") == {}


def test_nothing_that_can_be_replaced_has_a_fixed_name(template):
    """Bucket and index are named by CloudFormation; knowledge base and source must be named, and fit the pattern."""
    assert "VectorBucketName" not in one(template, "AWS::S3Vectors::VectorBucket")[1]["Properties"]
    assert "IndexName" not in one(template, "AWS::S3Vectors::Index")[1]["Properties"]
    assert all(re.fullmatch(r"([0-9a-zA-Z][_-]?){1,100}", name) for name in names())


def test_names_stay_when_what_can_be_updated_changes():
    """The same create-only properties give the same names, in any stack, on any machine."""
    assert names() == names() == names(description="Another text", removal_policy=RemovalPolicy.DESTROY)


@pytest.mark.parametrize(
    "change",
    [
        {"embedding": EmbeddingModel.TITAN_TEXT_V2_SMALL},
        {"embedding": EmbeddingModel.COHERE_V4},
        {"store": S3VectorsStore(distance=Distance.EUCLIDEAN)},
    ],
    ids=["dimensions", "model", "distance"],
)
def test_the_name_of_the_knowledge_base_moves_with_what_replaces_it(change):
    """A replacement under the same name would fail with a conflict, since the old one goes last."""
    assert names(**change)[0] != names()[0]


def test_the_name_of_the_source_moves_with_the_chunking_alone():
    """Only the source is replaced when documents are cut in another way."""
    knowledge, source = names(chunking=Chunking.semantic())

    assert knowledge == names()[0]
    assert source != names()[1]


def test_another_key_of_the_store_moves_the_name_too():
    """The encryption of a vector bucket is create-only, so the key belongs to what replaces the store."""
    stack = testing.stack()
    other = EncryptionKey(stack, "Other", description="other", uses=KnowledgeBase.REQUIRED_KEY_USES)
    made(stack, key=other.key)
    (knowledge,) = testing.resources(testing.template(stack), "AWS::Bedrock::KnowledgeBase").values()

    assert knowledge["Properties"]["Name"] != names()[0]


def test_data_is_kept_unless_the_stack_says_otherwise(template):
    """Documents and vectors outlive the stack by default, and go with it where that is asked for."""
    stack = testing.stack()
    made(stack, removal_policy=RemovalPolicy.DESTROY)
    throwaway = testing.template(stack)

    for kind in ("AWS::S3::Bucket", "AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index"):
        assert one(template, kind)[1]["DeletionPolicy"] == "Retain"
        assert one(throwaway, kind)[1]["DeletionPolicy"] == "Delete"


def test_dimensions_are_checked_against_the_model():
    """An index of another length than the vectors would refuse every one of them."""
    with pytest.raises(KnowledgeBaseError, match="makes no vectors of 768 dimensions: choose 1024, 512, 256"):
        EmbeddingModel.of("amazon.titan-embed-text-v2:0", 768)
    with pytest.raises(KnowledgeBaseError, match="is a chat model and makes no vectors"):
        EmbeddingModel.of("amazon.nova-lite-v1:0")
    with pytest.raises(KnowledgeBaseError, match="is not in the catalog"):
        EmbeddingModel.of("amazon.titan-embed-text-v9:0")


def test_the_index_has_the_dimensions_of_the_model():
    """Model, knowledge base and index say the same number."""
    stack = testing.stack()
    made(stack, embedding=EmbeddingModel.TITAN_TEXT_V2_SMALL)
    template = testing.template(stack)
    configuration = one(template, "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["KnowledgeBaseConfiguration"]
    vectors = configuration["VectorKnowledgeBaseConfiguration"]["EmbeddingModelConfiguration"]

    assert vectors["BedrockEmbeddingModelConfiguration"]["Dimensions"] == 256
    assert one(template, "AWS::S3Vectors::Index")[1]["Properties"]["Dimension"] == 256


@pytest.mark.parametrize(
    ("chunking", "message"),
    [
        (
            Chunking.fixed(max_tokens=0, overlap_percent=100),
            "max_tokens is 0.*overlap_percent is 100, allowed are 1 to 99",
        ),
        (Chunking.hierarchical(parent_tokens=9000), "parent_tokens is 9000, allowed are 1 to 8192"),
        (Chunking.hierarchical(parent_tokens=300), "child_tokens 300 is not less than parent_tokens 300"),
        (Chunking.hierarchical(overlap_tokens=300), "overlap_tokens 300 is not less than child_tokens 300"),
        (Chunking.semantic(buffer_sentences=2), "buffer_sentences is 2, allowed are 0 to 1"),
        (Chunking.semantic(breakpoint_percentile=40), "breakpoint_percentile is 40, allowed are 50 to 99"),
    ],
)
def test_refuses_chunking_that_the_service_would_refuse(chunking, message):
    """Each limit is named with the value and what is allowed."""
    with pytest.raises(KnowledgeBaseError, match=message):
        made(testing.stack(), chunking=chunking)


def test_a_region_without_knowledge_bases_is_refused():
    """The message names what is missing and where it is."""
    with pytest.raises(RegionError, match="region 'cn-north-1' lacks AWS::Bedrock::KnowledgeBase"):
        made(testing.stack(region="cn-north-1"))


def test_arns_in_govcloud_are_of_govcloud(fill, policies_of):
    """The embedding model and the trust policy carry the partition of GovCloud."""
    stack = testing.stack(region="us-gov-west-1")
    made(stack)
    text = str(fill(testing.template(stack), region="us-gov-west-1")["Resources"])

    assert "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.titan-embed-text-v2:0" in text
    assert "arn:aws:bedrock" not in text


def test_a_knowledge_base_meets_the_interface_of_the_application():
    """What the application knows of it is what it has."""
    assert isinstance(made(testing.stack()), IKnowledgeBase)
