"""Machines are not started before their weights are there: asked of a real stack and a real bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest

from genai_layers.preflight import blockers
from genai_layers.settings import Settings, validate
from tools.local_cloud import LocalCloud
from tools.local_cloud.clients import Clients

pytestmark = pytest.mark.emulator

STACK = "GenAi-weights-Inference"
FLEET = {"enabled": True, "plaintext_reason": "nothing leaves this test, so nothing needs to be encrypted"}


def settings(**fleet: object) -> Settings:
    return validate(
        {"environment": "weights", "region": "us-east-1", "inference": {**FLEET, **fleet}}, source="the test"
    )


@pytest.fixture
def session(cloud: LocalCloud, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    for name, value in cloud.environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    clients("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="28", Type="String", Overwrite=True)
    return boto3.Session()


@pytest.fixture
def bucket(session: boto3.Session) -> Iterator[str]:
    """The weights bucket of a deployed environment, empty."""
    cloudformation = session.client("cloudformation")
    template = {
        "Resources": {"Weights": {"Type": "AWS::S3::Bucket"}},
        "Outputs": {"WeightsBucketName": {"Value": {"Ref": "Weights"}}},
    }
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    name = str(stack["Outputs"][0]["OutputValue"])
    yield name
    s3 = session.client("s3")
    for one in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=one["Key"])
    cloudformation.delete_stack(StackName=STACK)


def test_the_first_deploy_makes_the_bucket_and_no_machine(session: boto3.Session) -> None:
    """Each machine would be replaced for ever; the message says how to begin."""
    (found,) = blockers(settings(), session)

    assert "no weights bucket yet" in found.what
    assert "inference.min_machines=0" in found.fix
    assert blockers(settings(min_machines=0), session) == []


def test_a_file_in_the_folder_lets_the_deploy_go(session: boto3.Session, bucket: str) -> None:
    """An empty folder stops it."""
    (found,) = blockers(settings(), session)
    session.client("s3").put_object(Bucket=bucket, Key="llama-3.1-8b/config.json", Body=b"{}")

    assert found.what == f"bucket {bucket} holds nothing under llama-3.1-8b/"
    assert blockers(settings(), session) == []
