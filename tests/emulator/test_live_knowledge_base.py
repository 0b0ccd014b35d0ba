"""Knowledge bases under change, really deployed: what is replaced, and what a failed update and a delete leave."""

from __future__ import annotations

import json
import time
from typing import Any

import aws_cdk as cdk
import pytest

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.jobs import IngestionJob
from genai_layers.platform import Chunking, EmbeddingModel, KnowledgeBase
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import StackFailedError

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

PATIENCE_SECONDS = 60
QUESTION = "When does the night train leave?"
BROKEN = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}}


def resources(**props: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return resources and outputs of a stack with a knowledge base and its ingestion."""
    made = cdk.Stack(testing.app(), "Live", env=cdk.Environment(account=ACCOUNT, region=REGION))
    uses = (*KnowledgeBase.REQUIRED_KEY_USES, *IngestionJob.REQUIRED_KEY_USES)
    key = EncryptionKey(made, "Key", description="live", uses=uses, removal_policy=cdk.RemovalPolicy.DESTROY)
    base = KnowledgeBase(made, "Knowledge", key=key.key, access_logs=None, **props)
    job = IngestionJob(made, "Job", knowledge_base=base, key=key.key, poll=cdk.Duration.seconds(5))
    for name, value in (
        ("Bucket", base.documents.bucket_name),
        ("Machine", job.state_machine.state_machine_arn),
        ("Base", base.knowledge_base_id),
        ("Source", base.data_source_id),
    ):
        cdk.CfnOutput(made, name, value=value)
    template = testing.template(made)
    # As in a throwaway environment, but for the function that empties the bucket, which the tests do by hand.
    for resource in template["Resources"].values():
        resource.pop("DeletionPolicy", None)
        resource.pop("UpdateReplacePolicy", None)
    return template["Resources"], {name: one["Value"] for name, one in template["Outputs"].items()}


@pytest.fixture
def ingest(clients):
    """Return a function that ingests what lies in the bucket and returns the statistics of the job."""
    states = clients("stepfunctions")

    def ingested(outputs: dict[str, str]) -> dict[str, int]:
        execution = states.start_execution(stateMachineArn=outputs["Machine"], input="{}")["executionArn"]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = states.describe_execution(executionArn=execution)
            if found["status"] != "RUNNING":
                assert found["status"] == "SUCCEEDED", found
                return json.loads(found["output"])["Statistics"]
            time.sleep(0.5)
        pytest.fail(f"{execution} did not end in {PATIENCE_SECONDS} s")

    return ingested


@pytest.fixture
def ask(clients):
    """Return a function that asks a knowledge base and returns the texts that it finds."""
    runtime = clients("bedrock-agent-runtime")

    def asked(base: str) -> list[str]:
        answer = runtime.retrieve(knowledgeBaseId=base, retrievalQuery={"text": QUESTION})
        return [one["content"]["text"] for one in answer["retrievalResults"]]

    return asked


@pytest.fixture
def emptied(clients, stack):
    """Empty the bucket of the stack before the stack is deleted, whatever became of the test; or at once, if asked."""

    def emptying() -> None:
        s3, bucket = clients("s3"), stack.outputs().get("Bucket")
        found = s3.list_object_versions(Bucket=bucket)
        for version in (*found.get("Versions", []), *found.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])

    yield emptying
    if stack.status() is not None:
        emptying()


def sources(clients, base: str) -> list[str]:
    """Return the ids of the data sources of a knowledge base."""
    found = clients("bedrock-agent").list_data_sources(knowledgeBaseId=base)["dataSourceSummaries"]
    return [one["dataSourceId"] for one in found]


def everything(clients) -> dict[str, list[str]]:
    """Return what there is of knowledge bases, vector buckets and indexes."""
    vectors = clients("s3vectors")
    buckets = [one["vectorBucketName"] for one in vectors.list_vector_buckets()["vectorBuckets"]]
    bases = clients("bedrock-agent").list_knowledge_bases()["knowledgeBaseSummaries"]
    return {
        "bases": sorted(one["knowledgeBaseId"] for one in bases),
        "buckets": sorted(buckets),
    }


def test_another_chunking_replaces_the_source_alone_and_is_ingested_again(stack, clients, ingest, ask, emptied):
    """The knowledge base answers before and after; the new source reads every document again."""
    before = everything(clients)
    outputs = stack.deploy(*resources())
    clients("s3").put_object(Bucket=outputs["Bucket"], Key="a.txt", Body=b"The night train leaves at nine.")
    first = ingest(outputs)

    changed = stack.deploy(*resources(chunking=Chunking.semantic()))
    found_after_deploy = sources(clients, changed["Base"])
    second = ingest(changed)

    assert (first["NumberOfNewDocumentsIndexed"], second["NumberOfNewDocumentsIndexed"]) == (1, 1)
    assert changed["Base"] == outputs["Base"]
    assert changed["Source"] != outputs["Source"]
    assert found_after_deploy == [changed["Source"]]
    assert any("night train" in text for text in ask(changed["Base"]))
    emptied()
    stack.delete()
    assert everything(clients) == before


@pytest.mark.usefixtures("emptied")
def test_other_vectors_get_a_knowledge_base_of_their_own_that_ingestion_fills(stack, clients, ingest, ask):
    """The documents stay where they are; the old knowledge base goes once the new one stands."""
    outputs = stack.deploy(*resources())
    clients("s3").put_object(Bucket=outputs["Bucket"], Key="a.txt", Body=b"The night train leaves at nine.")
    ingest(outputs)

    changed = stack.deploy(*resources(embedding=EmbeddingModel.TITAN_TEXT_V2_SMALL))
    bases = everything(clients)["bases"]
    ingest(changed)

    assert changed["Bucket"] == outputs["Bucket"]
    assert changed["Base"] != outputs["Base"]
    assert changed["Base"] in bases
    assert outputs["Base"] not in bases
    assert any("night train" in text for text in ask(changed["Base"]))


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize(
    "change",
    [{"chunking": Chunking.semantic()}, {"embedding": EmbeddingModel.TITAN_TEXT_V2_SMALL}],
    ids=["source", "base"],
)
def test_a_failed_update_leaves_what_was_there(change, stack, clients, ingest, ask):
    """The replacement is taken back, and the old one answers as before."""
    outputs = stack.deploy(*resources())
    clients("s3").put_object(Bucket=outputs["Bucket"], Key="a.txt", Body=b"The night train leaves at nine.")
    ingest(outputs)
    there = everything(clients)
    wanted, values = resources(**change)
    late = [name for name, one in wanted.items() if one["Type"] == "AWS::Bedrock::DataSource"]

    with pytest.raises(StackFailedError, match="ROLLBACK"):
        stack.deploy({**wanted, "Broken": {**BROKEN, "DependsOn": late}}, values)

    assert everything(clients) == there
    assert sources(clients, outputs["Base"]) == [outputs["Source"]]
    assert any("night train" in text for text in ask(outputs["Base"]))
    assert stack.outputs() == outputs
