"""With IAM enforced, a role that lacks a permission fails in the local cloud as it does on AWS."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tools.local_cloud import LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.environment import certificate
from tools.local_cloud.layout import ACCOUNT, REGION

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.emulator

MODEL = "amazon.nova-lite-v1:0"
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"
PROFILE = f"us.{MODEL}"
PROFILE_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/{PROFILE}"


@pytest.fixture(scope="module")
def guardrail(guarded: Clients) -> str:
    """ARN of a guardrail."""
    made = guarded("bedrock").create_guardrail(
        name="enforced",
        blockedInputMessaging="no",
        blockedOutputsMessaging="no",
        wordPolicyConfig={"wordsConfig": [{"text": "skeleton key"}]},
    )
    return str(made["guardrailArn"])


def role(guarded: Clients, name: str, service: str, *statements: dict[str, Any]) -> str:
    """ARN of a role that *service* and the account may assume, allowed what *statements* say."""
    iam = guarded("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root", "Service": service},
            }
        ],
    }
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **s} for s in statements]}
        iam.put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=json.dumps(document))
    return str(arn)


def caller(cloud: LocalCloud, guarded: Clients, role_arn: str) -> Any:
    """A Bedrock client that signs as *role_arn*."""
    keys = guarded("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
    session: Any = boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        region_name=REGION,
    )
    return session.client("bedrock-runtime", endpoint_url=cloud.endpoint, verify=str(certificate(cloud.layout)))


def converse(client: Any, guardrail_arn: str | None, model: str = MODEL) -> str:
    """Why a call of the model ended, or the error code that it met."""
    guard = {"guardrailIdentifier": guardrail_arn, "guardrailVersion": "DRAFT"} if guardrail_arn else None
    try:
        answer = client.converse(
            modelId=model,
            messages=[{"role": "user", "content": [{"text": "hello"}]}],
            **({"guardrailConfig": guard} if guard else {}),
        )
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return str(answer["stopReason"])


def test_a_role_that_must_name_a_guardrail_cannot_leave_it_out(
    guarded_cloud: LocalCloud, guarded: Clients, guardrail: str
) -> None:
    """The condition on the guardrail is evaluated against what the request names."""
    caller_role = role(
        guarded,
        "must-guard",
        "lambda.amazonaws.com",
        {
            "Action": "bedrock:InvokeModel",
            "Resource": MODEL_ARN,
            "Condition": {"StringEquals": {"bedrock:GuardrailIdentifier": guardrail}},
        },
        {"Action": "bedrock:ApplyGuardrail", "Resource": guardrail},
    )
    client = caller(guarded_cloud, guarded, caller_role)

    assert (converse(client, guardrail), converse(client, None)) == ("end_turn", "AccessDeniedException")


def test_naming_a_guardrail_takes_the_permission_to_apply_it(
    guarded_cloud: LocalCloud, guarded: Clients, guardrail: str
) -> None:
    """Calling the model alone is not enough."""
    caller_role = role(
        guarded, "cannot-apply", "lambda.amazonaws.com", {"Action": "bedrock:InvokeModel", "Resource": MODEL_ARN}
    )
    client = caller(guarded_cloud, guarded, caller_role)

    assert (converse(client, None), converse(client, guardrail)) == ("end_turn", "AccessDeniedException")


def test_a_profile_takes_the_permission_on_the_model_behind_it(guarded_cloud: LocalCloud, guarded: Clients) -> None:
    """A grant on the inference profile alone does not reach a model; one on both does, through the profile only."""
    half = role(guarded, "half", "lambda.amazonaws.com", {"Action": "bedrock:InvokeModel", "Resource": PROFILE_ARN})
    whole = role(
        guarded,
        "whole",
        "lambda.amazonaws.com",
        {"Action": "bedrock:InvokeModel", "Resource": PROFILE_ARN},
        {
            "Action": "bedrock:InvokeModel",
            "Resource": MODEL_ARN,
            "Condition": {"StringEquals": {"bedrock:InferenceProfileArn": PROFILE_ARN}},
        },
    )

    assert converse(caller(guarded_cloud, guarded, half), None, PROFILE) == "AccessDeniedException"
    assert converse(caller(guarded_cloud, guarded, whole), None, PROFILE) == "end_turn"
    assert converse(caller(guarded_cloud, guarded, whole), None, MODEL) == "AccessDeniedException"


def ingest(guarded: Clients, name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """What an ingestion job of a knowledge base did whose role is allowed *statements*."""
    agent = guarded("bedrock-agent")
    guarded("s3").create_bucket(Bucket=name)
    guarded("s3").put_object(Bucket=name, Key="a.txt", Body=b"The line is closed at level five.")
    base = agent.create_knowledge_base(
        name=name,
        roleArn=role(guarded, name, "bedrock.amazonaws.com", *statements),
        knowledgeBaseConfiguration={
            "type": "VECTOR",
            "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": MODEL_ARN},
        },
    )["knowledgeBase"]["knowledgeBaseId"]
    source = agent.create_data_source(
        knowledgeBaseId=base,
        name=name,
        dataSourceConfiguration={"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{name}"}},
    )["dataSource"]["dataSourceId"]
    where = {"knowledgeBaseId": base, "dataSourceId": source}
    job = agent.start_ingestion_job(**where)["ingestionJob"]["ingestionJobId"]
    done: dict[str, Any] = agent.get_ingestion_job(**where, ingestionJobId=job)["ingestionJob"]
    return done


def test_ingestion_reads_the_bucket_as_the_role_of_the_knowledge_base(guarded: Clients) -> None:
    """A role that may list and read indexes; one that may only list fails on every document."""
    listing = {"Action": "s3:ListBucket", "Resource": "*"}
    reading = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::may-read/*"}

    reads = ingest(guarded, "may-read", listing, reading)
    lists = ingest(guarded, "may-list", listing)

    assert reads["statistics"]["numberOfNewDocumentsIndexed"] == 1
    assert lists["statistics"]["numberOfDocumentsFailed"] == 1
    assert "the role may not s3:GetObject" in lists["failureReasons"][0]


def test_a_state_machine_calls_bedrock_as_its_own_role(guarded: Clients) -> None:
    """A task whose role lacks the permission fails the execution with Bedrock's refusal."""
    states = guarded("stepfunctions")
    definition = {
        "StartAt": "List",
        "States": {
            "List": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:bedrockagent:listKnowledgeBases",
                "Parameters": {"MaxResults": 5},
                "End": True,
            }
        },
    }
    outcomes = []
    for name, statements in (
        ("may-call", [{"Action": "bedrock:ListKnowledgeBases", "Resource": "*"}]),
        ("may-not", []),
    ):
        machine = states.create_state_machine(
            name=name,
            definition=json.dumps(definition),
            roleArn=role(guarded, f"states-{name}", "states.amazonaws.com", *statements),
        )["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine)["executionArn"]
        while (described := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(0.1)
        outcomes.append((described["status"], described.get("error")))

    assert outcomes == [("SUCCEEDED", None), ("FAILED", "BedrockAgent.AccessDeniedException")]
