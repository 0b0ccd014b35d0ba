"""The knowledge base: what its role may do, and what must stand first."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from knowledge_builders import made, one

from genai_layers import testing
from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    IKnowledgeBase,
)
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

ROLE = "arn:aws:iam::111122223333:role/knowledge"
KB = "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/ABCDEFGHIJ"
INDEX = "arn:aws:s3vectors:us-east-1:111122223333:bucket/vectors/index/passages"
TITAN = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"


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
    service = iam.ServicePrincipal("lambda.amazonaws.com")
    reader = WorkloadRole(stack, "Reader", assumed_by=service, description="asks")
    knowledge = made(stack, access_logs=s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs"))
    knowledge.grant_retrieve_and_generate(reader)

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
        ("s3vectors:QueryVectors", INDEX, {"aws:ResourceAccount": "999999999999"}),
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
