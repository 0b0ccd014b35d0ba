"""What a pod, a node, the control plane and the deploy may do, decided by an IAM evaluator on the policies."""

from __future__ import annotations

import pytest
from inference_estate import ACCOUNT, fill
from kubernetes_estate import templates
from test_inference_policy import CALLER, VLLM, answers, bucket, policies

from genai_layers import testing

pytestmark = pytest.mark.synth

POD, NODE = "FleetReleaseRole", "FleetReleaseNodeRole"
CONTROL_PLANE, DEPLOY, AGENT = "ClusterRole", "ClusterDeployRole", "ClusterLogsAgentRole"
CHART = "arn:aws:ecr:us-east-1:111122223333:repository/charts"


@pytest.fixture(scope="module")
def template():
    """Return the template of the fleet with a caller."""
    return templates()["https"]


def key(template):
    """Return the ARN of the key."""
    return fill({"Fn::GetAtt": [next(iter(testing.resources(template, "AWS::KMS::Key"))), "Arn"]})


def allowed(template, logical_id, requests):
    """Return whether the role may make each of *requests*."""
    return answers(template, logical_id, f"arn:aws:iam::{ACCOUNT}:role/{logical_id}", requests)


def actions(template, logical_id):
    """Return every action that the role's own policies allow."""
    found = set()
    for document in policies(template, logical_id):
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                action = statement["Action"]
                found |= {action} if isinstance(action, str) else set(action)
    return found


def trust(template, logical_id):
    """Return the statements of who may take on the role."""
    (found,) = [
        resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        for name, resource in testing.resources(template, "AWS::IAM::Role").items()
        if name[:-8] == logical_id
    ]
    return found


def test_a_pod_reads_its_own_weights_and_its_api_key_and_writes_its_log(template):
    """Not another model, not a write, and no image."""
    weights = bucket(template)

    found = allowed(
        template,
        POD,
        [
            ("s3:GetObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
            ("s3:ListBucket", weights, {"s3:prefix": "llama-3.1-8b/"}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
            ("s3:GetObject", f"{weights}/llama-3.1-70b/model.safetensors", {}),
            ("s3:ListBucket", weights, {"s3:prefix": ""}),
            ("s3:PutObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}),
            ("ecr:BatchGetImage", VLLM, {}),
        ],
    )

    assert found == [True, True, True, True, False, False, False, False, False]
    assert actions(template, POD) == {
        "kms:Decrypt",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:GetObject",
        "s3:ListBucket",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
    }


@pytest.mark.parametrize("logical_id", [POD, AGENT])
def test_only_pods_of_the_one_cluster_take_on_a_role_of_pods(template, logical_id):
    """By pod identity, so that the role is no node's."""
    (statement,) = trust(template, logical_id)

    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert set(statement["Action"]) == {"sts:AssumeRole", "sts:TagSession"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert ":cluster/Stackhttps-Cluster-" in fill(statement["Condition"]["ArnEquals"]["aws:SourceArn"])


def test_a_node_pulls_its_images_and_reads_nothing(template):
    """What breaks out of a container finds neither weights nor API key."""
    found = allowed(
        template,
        NODE,
        [
            ("ecr:GetAuthorizationToken", "*", {}),
            ("ecr:BatchGetImage", VLLM, {}),
            ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:602401143452:repository/eks/observability/agent", {}),
            ("ecr:BatchGetImage", VLLM.replace("vllm", "sglang"), {}),
            ("ecr:PutImage", VLLM, {}),
            ("s3:GetObject", f"{bucket(template)}/llama-3.1-8b/model.safetensors", {}),
            ("kms:Decrypt", key(template), {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
        ],
    )

    assert found == [True, True, True, False, False, False, False]


def test_the_control_plane_uses_the_key_for_volumes_alone(template):
    """Secrets are read through a grant that EKS has of its own; anything else is not its business."""
    through = {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}

    found = allowed(
        template,
        CONTROL_PLANE,
        [
            ("kms:GenerateDataKeyWithoutPlaintext", key(template), through),
            ("kms:CreateGrant", key(template), {**through, "kms:GrantIsForAWSResource": "true"}),
            ("kms:CreateGrant", key(template), through),
            ("kms:Decrypt", key(template), {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
            ("kms:Decrypt", key(template), {}),
        ],
    )

    assert found == [True, True, False, False, False]


def test_the_deploy_fetches_its_charts_and_touches_nothing_else_in_aws(template):
    """What it may do within the cluster is an access entry; the policies that the CDK would add are not there."""
    (role,) = [
        resource["Properties"]
        for name, resource in testing.resources(template, "AWS::IAM::Role").items()
        if name[:-8] == DEPLOY
    ]

    found = allowed(
        template,
        DEPLOY,
        [
            ("ecr:BatchGetImage", f"{CHART}/vllm-stack", {}),
            ("ecr:BatchGetImage", f"{CHART}/keda", {}),
            ("ecr:BatchGetImage", f"{CHART}/another", {}),
            ("ecr:PutImage", f"{CHART}/keda", {}),
            ("s3:GetObject", f"{bucket(template)}/llama-3.1-8b/model.safetensors", {}),
        ],
    )

    assert found == [True, True, False, False, False]
    assert "ManagedPolicyArns" not in role
    assert "eks:DescribeCluster" in actions(template, DEPLOY)
    assert not {
        action for action in actions(template, DEPLOY) if action.startswith(("iam:", "kms:", "secretsmanager:"))
    }


def test_a_caller_reads_the_api_key_and_no_weights(template):
    """As with every other fleet."""
    assert {"secretsmanager:GetSecretValue"} <= actions(template, "Caller")
    assert CALLER
    assert not {action for action in actions(template, "Caller") if action.startswith("s3:")}
