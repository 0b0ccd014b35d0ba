"""What a machine and a caller may do, decided by an IAM evaluator on the synthesized policies."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from inference_estate import ACCOUNT, Estate, fill

from genai_layers import testing
from genai_layers.inference import ContainerImage, Vllm
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

MACHINE = f"arn:aws:iam::{ACCOUNT}:role/Machine"
CALLER = f"arn:aws:iam::{ACCOUNT}:role/Caller"
VLLM = "arn:aws:ecr:us-east-1:763104351884:repository/vllm"


def policies(template, role, **where):
    """Return the policies of the role whose logical id starts with *role*."""
    return [
        fill(policy["Properties"]["PolicyDocument"], **where)
        for policy in testing.resources(template, "AWS::IAM::Policy").values()
        if policy["Properties"]["Roles"][0]["Ref"].startswith(role)
    ]


def answers(template, role, principal, requests):
    """Return whether *principal* with the policies of *role* may make each of *requests*."""
    documents = policies(template, role)
    (key,) = testing.resources(template, "AWS::KMS::Key").values()
    key_policy = fill(key["Properties"]["KeyPolicy"])
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=principal,
                    action=action,
                    resource=resource,
                    context=context,
                    identity_policies=documents,
                    # KMS asks the key first; its policy hands the question on to the caller's own.
                    resource_policy=key_policy if action.startswith("kms:") else None,
                    resource_account=ACCOUNT,
                )
                for action, resource, context in requests
            ]
        )
    ]


def bucket(template):
    """Return the ARN of the weights bucket."""
    (name,) = [name for name in testing.resources(template, "AWS::S3::Bucket") if name.startswith("Weights")]
    return f"arn:aws:s3:::{name}"


def secret(template):
    """Return what the policies call the API key."""
    return f"ref-{next(iter(testing.resources(template, 'AWS::SecretsManager::Secret')))}"


def test_a_machine_reads_its_own_weights_and_nothing_else_of_the_bucket(templates):
    """Another model's folder, a folder whose name only begins alike, and every write are denied."""
    template = templates["plain"]
    weights = bucket(template)
    listing = "s3:ListBucket"

    found = answers(
        template,
        "FleetMachinesRole",
        MACHINE,
        [
            ("s3:GetObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
            (listing, weights, {"s3:prefix": "llama-3.1-8b/"}),
            ("s3:GetObject", f"{weights}/llama-3.1-70b/model.safetensors", {}),
            ("s3:GetObject", f"{weights}/llama-3.1-8b-private/model.safetensors", {}),
            (listing, weights, {"s3:prefix": "llama-3.1-70b/"}),
            (listing, weights, {"s3:prefix": ""}),
            ("s3:PutObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
            ("s3:DeleteObject", f"{weights}/llama-3.1-8b/model.safetensors", {}),
        ],
    )

    assert found == [True, True, False, False, False, False, False, False]


def test_a_machine_decrypts_weights_through_s3_only(templates):
    """The same key protects other data, which a direct call must not open."""
    template = templates["plain"]
    key = fill({"Fn::GetAtt": [next(iter(testing.resources(template, "AWS::KMS::Key"))), "Arn"]})

    found = answers(
        template,
        "FleetMachinesRole",
        MACHINE,
        [
            ("kms:Decrypt", key, {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
            ("kms:Decrypt", key, {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}),
            ("kms:Decrypt", key, {}),
            ("kms:GenerateDataKey", key, {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
        ],
    )

    assert found == [True, False, False, False]


def test_a_machine_pulls_its_engine_and_no_other_image(templates):
    """Logging in to the registry says nothing about what may be pulled."""
    found = answers(
        templates["plain"],
        "FleetMachinesRole",
        MACHINE,
        [
            ("ecr:GetAuthorizationToken", "*", {}),
            ("ecr:BatchGetImage", VLLM, {}),
            ("ecr:GetDownloadUrlForLayer", VLLM, {}),
            ("ecr:BatchGetImage", VLLM.replace("vllm", "sglang"), {}),
            ("ecr:BatchGetImage", VLLM.replace("763104351884", ACCOUNT), {}),
            ("ecr:PutImage", VLLM, {}),
        ],
    )

    assert found == [True, True, True, False, False, False]


def test_a_machine_writes_its_own_logs_and_signals_its_own_stack_only_when_asked(templates):
    """Nothing of CloudFormation is granted where no update waits."""
    stack = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/Stack/1"
    signal = [("cloudformation:SignalResource", stack, {}), ("cloudformation:DeleteStack", stack, {})]

    assert answers(templates["signalled"], "FleetMachinesRole", MACHINE, signal) == [True, False]
    assert answers(templates["plain"], "FleetMachinesRole", MACHINE, signal) == [False, False]


def test_a_caller_reads_the_api_key_and_nothing_else(templates):
    """`grant_invoke` is the key to the door: not the weights, and not a change of the key."""
    template = templates["https"]
    name = secret(template)

    key = fill({"Fn::GetAtt": [next(iter(testing.resources(template, "AWS::KMS::Key"))), "Arn"]})
    decrypted = answers(
        template,
        "Caller",
        CALLER,
        [
            ("kms:Decrypt", key, {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}),
            ("kms:Decrypt", key, {"kms:ViaService": "s3.us-east-1.amazonaws.com"}),
        ],
    )
    documents = policies(template, "Caller")
    actions = {action for document in documents for statement in document["Statement"] for action in _list(statement)}

    assert decrypted == [True, False]
    assert actions == {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "kms:Decrypt"}
    assert {
        statement["Resource"]
        for document in documents
        for statement in document["Statement"]
        if "secretsmanager:GetSecretValue" in _list(statement)
    } == {name}


def _list(statement):
    action = statement["Action"]
    return [action] if isinstance(action, str) else action


def test_a_caller_in_another_stack_leaves_the_policy_of_the_key_alone():
    """A key that named its callers would tie its stack to theirs in a circle."""
    app = testing.app()
    estate, other = Estate(app), testing.stack(app, "Other")
    caller = iam.Role(other, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    estate.fleet().grant_invoke(caller)

    (key,) = testing.resources(testing.template(estate.stack), "AWS::KMS::Key").values()

    assert "Other" not in str(key)
    assert testing.resources(testing.template(other), "AWS::IAM::Policy")


@pytest.mark.parametrize(
    ("region", "partition", "registry"),
    [
        ("us-gov-west-1", "aws-us-gov", ".dkr.ecr.us-gov-west-1.amazonaws.com/"),
        ("cn-north-1", "aws-cn", "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/vllm"),
    ],
)
def test_no_partition_is_written_down(region, partition, registry):
    """The same fleet is right in GovCloud and in China."""
    estate = Estate(region=region)
    own = Vllm(image=ContainerImage.private(estate.repository, "0.27.1", cuda="13.0"))
    estate.fleet(instance_types=["g5.xlarge"], engine=own if partition == "aws-us-gov" else None)
    template = testing.template(estate.stack)

    text = str(fill(template["Resources"], region=region, partition=partition))

    assert "arn:aws:" not in text
    assert registry in text
