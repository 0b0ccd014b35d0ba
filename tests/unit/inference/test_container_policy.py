"""What a task, its start, its machine and a caller may do, decided by an IAM evaluator on the policies."""

from __future__ import annotations

import pytest
from inference_estate import ACCOUNT, fill
from test_inference_policy import CALLER, VLLM, answers, bucket, policies

from genai_layers import testing

pytestmark = pytest.mark.synth

TASK, START, HOST = "FleetTaskRole", "FleetTaskStartRole", "FleetHostsRole"
CLUSTER = "arn:aws:ecs:us-east-1:111122223333"


def key(template):
    """Return the ARN of the key."""
    return fill({"Fn::GetAtt": [next(iter(testing.resources(template, "AWS::KMS::Key"))), "Arn"]})


def role(name):
    """Return the principal of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def allowed(template, logical_id, requests):
    """Return whether the role may make each of *requests*."""
    return answers(template, logical_id, role(logical_id), requests)


def actions(template, logical_id):
    """Return every action of the role's policies."""
    found = set()
    for document in policies(template, logical_id):
        for statement in document["Statement"]:
            action = statement["Action"]
            found |= {action} if isinstance(action, str) else set(action)
    return found


def test_a_task_reads_its_own_weights_and_does_nothing_else(container_templates):
    """Not another model, not a write, not the API key and not its own image."""
    template = container_templates["plain"]
    weights = bucket(template)

    found = allowed(
        template,
        TASK,
        [
            ("s3:GetObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
            ("s3:ListBucket", weights, {"s3:prefix": "llama-3.1-8b/"}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
            ("s3:GetObject", f"{weights}/llama-3.1-70b/model.safetensors", {}),
            ("s3:ListBucket", weights, {"s3:prefix": ""}),
            ("s3:PutObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
            ("ecr:BatchGetImage", VLLM, {}),
        ],
    )

    assert found == [True, True, True, False, False, False, False, False]
    assert actions(template, TASK) == {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}


def test_the_start_of_a_task_pulls_its_images_and_reads_its_api_key_and_no_weights(container_templates):
    """The agent has this role, and the containers never do."""
    template = container_templates["plain"]

    found = allowed(
        template,
        START,
        [
            ("ecr:GetAuthorizationToken", "*", {}),
            ("ecr:BatchGetImage", VLLM, {}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
            ("ecr:BatchGetImage", VLLM.replace("vllm", "sglang"), {}),
            ("ecr:PutImage", VLLM, {}),
            ("s3:GetObject", f"{bucket(template)}/llama-3.1-8b/model.safetensors", {}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
        ],
    )

    assert found == [True, True, True, False, False, False, False]
    assert {action for action in actions(template, START) if action.startswith(("secretsmanager:", "logs:"))} == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
    }


def test_a_machine_belongs_to_its_cluster_and_reads_nothing(container_templates):
    """What breaks out of a container finds neither weights nor API key, and cannot start a task."""
    template = container_templates["plain"]
    (name,) = testing.resources(template, "AWS::ECS::Cluster")
    cluster = fill({"Fn::GetAtt": [name, "Arn"]})
    machine = f"{CLUSTER}:container-instance/ref-{name}/0123456789abcdef"

    found = allowed(
        template,
        HOST,
        [
            ("ecs:DiscoverPollEndpoint", "*", {}),
            ("ecs:RegisterContainerInstance", cluster, {}),
            ("ecs:Poll", machine, {}),
            ("ecs:RegisterContainerInstance", f"{CLUSTER}:cluster/other", {}),
            ("ecs:Poll", machine.replace(f"ref-{name}", "other"), {}),
            ("ecs:RunTask", "*", {}),
            ("s3:GetObject", f"{bucket(template)}/llama-3.1-8b/model.safetensors", {}),
        ],
    )

    assert found == [True, True, True, False, False, False, False]
    assert {action.split(":")[0] for action in actions(template, HOST)} == {"ecs"}


@pytest.mark.parametrize("logical_id", [TASK, START])
def test_only_tasks_of_this_account_take_on_the_roles(container_templates, logical_id):
    """ECS asks for many customers, and may hand the role to none of the others."""
    (trust,) = [
        fill(item["Properties"]["AssumeRolePolicyDocument"])
        for name, item in testing.resources(container_templates["plain"], "AWS::IAM::Role").items()
        if name.startswith(logical_id)
    ]
    (statement,) = trust["Statement"]

    assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:*"},
    }


def test_a_caller_of_tasks_reads_the_api_key_and_nothing_else(container_templates):
    """`grant_invoke` is the same on every back end."""
    template = container_templates["https"]

    found = answers(
        template,
        "Caller",
        CALLER,
        [
            ("kms:Decrypt", key(template), {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
        ],
    )

    assert found == [True, False]
    assert actions(template, "Caller") == {
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
    }
