"""The platform's state machines and functions, really run: ingestion, and the owned logging setting."""

from __future__ import annotations

import json
import time

import aws_cdk as cdk
import pytest

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.jobs import IngestionJob
from genai_layers.platform import InvocationLogging, KnowledgeBase, LoggedContent
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import StackFailedError

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

THEIRS = {
    "cloudWatchConfig": {"logGroupName": "theirs", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/theirs"},
    "textDataDeliveryEnabled": True,
}
PATIENCE_SECONDS = 150


def empty_stack(*uses: KeyUse) -> tuple[cdk.Stack, EncryptionKey]:
    """Return a stack of the local account with a key in it."""
    environment = cdk.Environment(account=ACCOUNT, region=REGION)
    stack = cdk.Stack(testing.app(), "Live", env=environment)
    key = EncryptionKey(stack, "Key", description="live", uses=uses, removal_policy=cdk.RemovalPolicy.DESTROY)
    return stack, key


def ended(states, execution: str) -> dict:
    """Wait for an execution to end and return it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.5)
    pytest.fail(f"{execution} did not end in {PATIENCE_SECONDS} s")


def started(states, machine: str, but: str) -> list[str]:
    """Wait for an execution besides one, and return all of them."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = [one["executionArn"] for one in states.list_executions(stateMachineArn=machine)["executions"]]
        others = [arn for arn in found if arn != but]
        if others:
            return others
        time.sleep(0.5)
    pytest.fail(f"nothing started {machine}")


def test_documents_are_ingested_by_hand_and_on_upload(stack, clients):
    """A run by hand ends with its counts; uploads of a minute share one run, and a broken document fails it."""
    made, key = empty_stack(*KnowledgeBase.REQUIRED_KEY_USES, *IngestionJob.REQUIRED_KEY_USES)
    base = KnowledgeBase(made, "Base", key=key.key, access_logs=None)
    job = IngestionJob(made, "Job", knowledge_base=base, key=key.key, poll=cdk.Duration.seconds(5))
    for name, value in (("Bucket", base.documents.bucket_name), ("Machine", job.state_machine.state_machine_arn)):
        cdk.CfnOutput(made, name, value=value)
    template = testing.template(made)
    outputs = stack.deploy(template["Resources"], {name: one["Value"] for name, one in template["Outputs"].items()})
    s3, states = clients("s3"), clients("stepfunctions")

    # Early in a minute, so that all uploads fall into the same one.
    time.sleep(max(0.0, 61 - time.time() % 60) if time.time() % 60 > 50 else 0)
    for name in ("a.txt", "b.txt"):
        s3.put_object(Bucket=outputs["Bucket"], Key=name, Body=b"The night train leaves at nine.")
    by_hand = states.start_execution(stateMachineArn=outputs["Machine"], input="{}")["executionArn"]
    first = ended(states, by_hand)
    s3.put_object(Bucket=outputs["Bucket"], Key="broken.pdf", Body=b"\xff\xfe\x00")
    by_upload = started(states, outputs["Machine"], by_hand)
    second = ended(states, by_upload[0])

    assert first["status"] == "SUCCEEDED"
    assert json.loads(first["output"])["Statistics"]["NumberOfNewDocumentsIndexed"] == 2
    assert len(started(states, outputs["Machine"], by_hand)) == 1
    assert by_upload[0].rsplit(":", 1)[1].startswith("upload-")
    assert (second["status"], second["error"]) == ("FAILED", "DocumentsFailed")
    assert "broken.pdf" in second["cause"]
    for name in ("a.txt", "b.txt", "broken.pdf"):
        for version in s3.list_object_versions(Bucket=outputs["Bucket"], Prefix=name).get("Versions", []):
            s3.delete_object(Bucket=outputs["Bucket"], Key=name, VersionId=version["VersionId"])


def logging_resources(code, **props):
    """Return the resources of a stack with invocation logging."""
    made, key = empty_stack(*InvocationLogging.REQUIRED_KEY_USES, KeyUse.LAMBDA)
    InvocationLogging(made, "Logging", key=key.key, access_logs=None, **props)
    return code(testing.template(made)["Resources"])


def test_invocation_logging_is_taken_moved_and_given_back(stack, clients, code):
    """Create, update and delete of a setting that nobody had before."""
    bedrock = clients("bedrock")

    stack.deploy(logging_resources(code))
    first = bedrock.get_model_invocation_logging_configuration()["loggingConfig"]
    stack.deploy(logging_resources(code, content=LoggedContent.metadata()))
    second = bedrock.get_model_invocation_logging_configuration()["loggingConfig"]
    stack.delete()

    assert first["textDataDeliveryEnabled"] is True
    assert second["textDataDeliveryEnabled"] is False
    assert "bucketName" in second["s3Config"]
    assert not bedrock.get_model_invocation_logging_configuration().get("loggingConfig")


def test_the_setting_of_somebody_else_survives_a_refused_deploy_and_an_adoption(stack, clients, code):
    """A refused deploy rolls back and leaves it; an adoption gives it back at the end."""
    bedrock = clients("bedrock")
    bedrock.put_model_invocation_logging_configuration(loggingConfig=THEIRS)
    try:
        with pytest.raises(StackFailedError, match="goes to log group theirs"):
            stack.deploy(logging_resources(code))
        assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] == THEIRS
        stack.delete()

        stack.deploy(logging_resources(code, adopt_reason="The former owner handed the setting over"))
        assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] != THEIRS
        stack.delete()
        assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] == THEIRS
    finally:
        bedrock.delete_model_invocation_logging_configuration()
