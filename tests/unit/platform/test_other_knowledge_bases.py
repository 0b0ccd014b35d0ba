"""Knowledge bases of every other kind in every kind of region, over a Kendra index and the store of the service."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from kind_builders import INDEX_ID, KINDS, kendra, managed
from store_builders import one

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey, WorkloadRole
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs import IngestionError, IngestionJob
from genai_layers.platform import (
    EmbeddingModel,
    IKnowledgeBase,
    KendraKnowledgeBase,
    KnowledgeBaseError,
)

pytestmark = pytest.mark.synth

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1")
LACKING = {("kendra", "eu-central-1"): "AWS::Kendra::Index", ("kendra", "us-gov-west-1"): "AWS::Kendra::Index"}


@pytest.mark.parametrize("region", REGIONS)
def test_every_kind_is_clean_where_it_exists(region):
    """Every pack, our own rules and the validator have nothing to say, readers and connectors included."""
    app = testing.app()
    attach_checks(app)
    for kind, build in KINDS.items():
        if (kind, region) in LACKING:
            continue
        stack = testing.stack(app, region=region, id=kind.title())
        base = build(stack)
        service = iam.ServicePrincipal("lambda.amazonaws.com")
        base.grant_retrieve(WorkloadRole(stack, "Reader", assumed_by=service, description="asks"))
        read = base.add_connector("Wiki", parameters={"type": "WIKI"}) if kind == "managed" else base
        if kind != "kendra":
            key = EncryptionKey(stack, "JobKey", description="ingestion", uses=IngestionJob.REQUIRED_KEY_USES)
            IngestionJob(stack, "Ingestion", knowledge_base=read, key=key.key)

    assert [artifact.template["Resources"] for artifact in synthesize(app).stacks]


@pytest.mark.parametrize(("kind", "region"), LACKING)
def test_a_kind_that_a_region_lacks_is_refused_by_name(kind, region):
    """The type that is missing is in the message, before anything is deployed."""
    with pytest.raises(RegionError, match=f"region '{region}' lacks {LACKING[kind, region]}"):
        KINDS[kind](testing.stack(region=region))


@pytest.mark.parametrize("kind", KINDS)
def test_the_policy_stands_before_the_knowledge_base(kind):
    """The service tries what is behind it with the role at once."""
    stack = testing.stack()
    base = KINDS[kind](stack)
    _, resource = one(testing.template(stack), "AWS::Bedrock::KnowledgeBase")

    assert any("RoleDefaultPolicy" in name for name in resource["DependsOn"])
    assert isinstance(base, IKnowledgeBase)


def test_a_kendra_index_is_searched_and_never_changed(may):
    """Two actions on one index."""
    stack = testing.stack()
    kendra(stack)
    index = f"arn:aws:kendra:us-east-1:111122223333:index/{INDEX_ID}"

    answers = may(
        testing.template(stack),
        "KendraRole",
        ("kendra:Retrieve", index, {}),
        ("kendra:DescribeIndex", index, {}),
        ("kendra:BatchPutDocument", index, {}),
        ("kendra:Retrieve", index.replace("0123", "ffff"), {}),
    )

    assert answers == [True, True, False, False]
    with pytest.raises(KnowledgeBaseError, match="is no id of an index: give its 36 characters"):
        KendraKnowledgeBase(stack, "Other", index_id=index)


def test_the_store_of_the_service_is_under_our_key_and_a_model_can_be_ours():
    """With a model of ours the dimensions are said too, and the name moves."""
    plain, own = testing.stack(), testing.stack()
    managed(plain)
    managed(own, embedding=EmbeddingModel.TITAN_TEXT_V2_SMALL)
    names, configurations = [], []
    for stack in (plain, own):
        _, base = one(testing.template(stack), "AWS::Bedrock::KnowledgeBase")
        names.append(base["Properties"]["Name"])
        configurations.append(base["Properties"]["KnowledgeBaseConfiguration"]["ManagedKnowledgeBaseConfiguration"])

    assert all("Fn::GetAtt" in one["ServerSideEncryptionConfiguration"]["KmsKeyArn"] for one in configurations)
    assert [one["EmbeddingModelType"] for one in configurations] == ["MANAGED", "CUSTOM"]
    assert "EmbeddingModelArn" not in configurations[0]
    bedrock = configurations[1]["EmbeddingModelConfiguration"]["BedrockEmbeddingModelConfiguration"]
    assert bedrock["Dimensions"] == 256
    assert names[0] != names[1]


@pytest.mark.parametrize("kind", ["structured", "managed"])
def test_what_has_no_bucket_is_ingested_by_the_clock_and_after_a_deploy(kind):
    """Nothing tells of a changed column or page, so there is no rule for uploads and nothing that waits for one."""
    stack = testing.stack()
    base = KINDS[kind](stack)
    read = base.add_connector("Wiki", parameters={"type": "WIKI"}) if kind == "managed" else base
    key = EncryptionKey(stack, "JobKey", description="ingestion", uses=IngestionJob.REQUIRED_KEY_USES)
    job = IngestionJob(stack, "Ingestion", knowledge_base=read, key=key.key)
    template = testing.template(stack)
    rules = [rule["Properties"] for rule in testing.resources(template, "AWS::Events::Rule").values()]

    assert len(testing.resources(template, "AWS::StepFunctions::StateMachine")) == 1
    assert [rule["ScheduleExpression"] for rule in rules if "ScheduleExpression" in rule] == ["rate(1 day)"]
    assert [rule["EventPattern"]["source"] for rule in rules if "EventPattern" in rule] == [["aws.cloudformation"]]
    with pytest.raises(IngestionError, match="there are no uploads to pass on"):
        job.metric_request_failed()


def test_a_connector_without_parameters_is_refused():
    """The service would make a source that reads nothing."""
    with pytest.raises(KnowledgeBaseError, match="parameters are empty"):
        managed(testing.stack()).add_connector("Wiki", parameters={})
