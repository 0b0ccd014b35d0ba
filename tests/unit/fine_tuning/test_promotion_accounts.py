"""A model goes from the account that approved it to another, and nothing else does; asked of both sides' policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asl import DIGEST, definition, filled, lint, logical_id, resolver
from sharing_estate import ORGANIZATION, PRODUCTION, READER, STAGING, production, staging

from genai_layers import testing
from genai_layers.jobs.promotion import ModelSource
from genai_layers.testing.policy import Request, evaluate
from tests.service_model import calls_of, faults

pytestmark = pytest.mark.synth

OURS = {"aws:PrincipalOrgID": ORGANIZATION}
THROUGH_S3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def giving() -> dict[str, Any]:
    """Template of the account that approves."""
    return testing.template(staging().stack)


@pytest.fixture(scope="module")
def taking() -> dict[str, Any]:
    """Template of the account that receives."""
    return testing.template(production()[0])


@pytest.fixture(scope="module")
def source(giving: dict[str, Any]) -> ModelSource:
    """What the receiving account is told of the other."""
    values = resolver(giving)
    (group,) = testing.resources(giving, "AWS::SageMaker::ModelPackageGroup").values()
    return ModelSource(
        account=STAGING,
        group_name=group["Properties"]["ModelPackageGroupName"],
        bucket_name=values.arn(logical_id(giving, "AWS::S3::Bucket", "TuningRuns")).rpartition(":")[2],
        key_arn=values.arn(logical_id(giving, "AWS::KMS::Key", "Key")),
    )


@pytest.fixture(scope="module")
def reader(source: ModelSource) -> list[Any]:
    """Policies of the role that reads, in the receiving account."""
    template = testing.template(production(source=source)[0])
    role = logical_id(template, "AWS::IAM::Role", "ModelsReaderRole")
    return testing.policies_of(template, role, resolver(template))


def asked(
    giving: dict[str, Any], source: ModelSource, policies: list[Any], principal: str = READER, **context: str
) -> list[bool]:
    """Whether a role of the other account may read a model, list models, decrypt, and read the entry."""
    values = resolver(giving)
    bucket = logical_id(giving, "AWS::S3::Bucket", "TuningRuns")
    key = logical_id(giving, "AWS::KMS::Key", "Key")
    (group,) = testing.resources(giving, "AWS::SageMaker::ModelPackageGroup").values()
    in_bucket = testing.bucket_policy_of(giving, bucket, values)
    arn = f"arn:aws:s3:::{source.bucket_name}"
    model = "runs/0123/model/tune/output/model/"
    package = f"arn:aws:sagemaker:us-east-1:{STAGING}:model-package/{source.group_name}/3"
    told = {**OURS, **context}
    calls = [
        ("s3:GetObject", f"{arn}/{model}a.safetensors", told, in_bucket),
        ("s3:ListBucket", arn, {**told, "s3:prefix": model}, in_bucket),
        ("kms:Decrypt", values.arn(key), {**told, **THROUGH_S3}, testing.key_policy_of(giving, key, values)),
        (
            "sagemaker:DescribeModelPackage",
            package,
            told,
            values.resolve(group["Properties"]["ModelPackageGroupPolicy"]),
        ),
    ]
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=principal,
                    action=action,
                    resource=resource,
                    context=keys,
                    identity_policies=policies,
                    resource_policy=policy,
                    resource_account=STAGING,
                )
                for action, resource, keys, policy in calls
            ]
        )
    ]


def test_the_named_role_reads_models_their_key_and_their_entries(
    giving: dict[str, Any], source: ModelSource, reader: list[Any]
) -> None:
    """Both accounts say so: its own policies, and those of bucket, key and registry."""
    assert asked(giving, source, reader) == [True, True, True, True]


@pytest.mark.parametrize(
    ("principal", "context"),
    [
        (f"arn:aws:iam::{PRODUCTION}:role/admin", {}),
        ("arn:aws:iam::777788889999:role/genai-layers/Production-Reader", {}),
        (READER, {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}),
    ],
)
def test_nobody_else_reads_them(
    giving: dict[str, Any], source: ModelSource, principal: str, context: dict[str, str]
) -> None:
    """An administrator of that account, a namesake elsewhere, and the same role outside of the organization."""
    assert asked(giving, source, [EVERYTHING], principal, **context) == [False] * 4


def test_the_named_role_gets_at_nothing_but_models(giving: dict[str, Any], source: ModelSource) -> None:
    """No checkpoints, no reports, no writes, no key outside of S3, whatever its own account allows."""
    values = resolver(giving)
    arn = f"arn:aws:s3:::{source.bucket_name}"
    bucket = testing.bucket_policy_of(giving, logical_id(giving, "AWS::S3::Bucket", "TuningRuns"), values)
    key = logical_id(giving, "AWS::KMS::Key", "Key")
    in_key = testing.key_policy_of(giving, key, values)
    calls = [
        ("s3:GetObject", f"{arn}/runs/0123/checkpoints/1", {}, bucket),
        ("s3:GetObject", f"{arn}/runs/0123/judgement.json", {}, bucket),
        ("s3:PutObject", f"{arn}/runs/0123/model/x", {}, bucket),
        ("s3:DeleteObject", f"{arn}/runs/0123/model/x", {}, bucket),
        ("s3:ListBucket", arn, {"s3:prefix": "runs/0123/checkpoints/"}, bucket),
        ("kms:Decrypt", values.arn(key), {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}, in_key),
        ("kms:GenerateDataKey", values.arn(key), THROUGH_S3, in_key),
    ]
    decisions = evaluate(
        [
            Request(
                principal=READER,
                action=action,
                resource=resource,
                context={**OURS, **context},
                identity_policies=[EVERYTHING],
                resource_policy=policy,
                resource_account=STAGING,
            )
            for action, resource, context, policy in calls
        ]
    )

    assert [decision.allowed for decision in decisions] == [False] * len(calls)


def test_the_receiving_role_writes_its_own_folder_under_its_own_key(taking: dict[str, Any]) -> None:
    """It registers and approves nothing; that is the state machine's, and a person's."""
    values = resolver(taking)
    role = logical_id(taking, "AWS::IAM::Role", "ModelsReaderRole")
    store = values.arn(logical_id(taking, "AWS::S3::Bucket", "ModelsStore"))
    key = logical_id(taking, "AWS::KMS::Key", "Key")
    package = f"arn:aws:sagemaker:us-east-1:{PRODUCTION}:model-package/Stack-Group/1"
    calls = [
        ("s3:PutObject", f"{store}/received/0/a", None, True),
        ("s3:PutObject", f"{store}/elsewhere/a", None, False),
        ("s3:DeleteObject", f"{store}/received/0/a", None, False),
        ("kms:GenerateDataKey", values.arn(key), testing.key_policy_of(taking, key, values), True),
        ("sagemaker:CreateModelPackage", package, None, False),
        ("sagemaker:UpdateModelPackage", package, None, False),
    ]
    decisions = evaluate(
        [
            Request(
                principal=f"arn:aws:iam::{PRODUCTION}:role/reader",
                action=action,
                resource=resource,
                identity_policies=testing.policies_of(taking, role, values),
                resource_policy=policy,
                resource_account=PRODUCTION,
            )
            for action, resource, policy, _ in calls
        ]
    )

    assert [decision.allowed for decision in decisions] == [expected for *_, expected in calls]


def test_a_received_model_waits_for_an_approval_of_this_account(taking: dict[str, Any], tmp_path: Path) -> None:
    """Every argument is one that the service takes; the same event twice makes one entry."""
    parsed = definition(taking, "ModelsReceive")
    state = {
        "detail": {"ModelPackageArn": f"arn:aws:sagemaker:us-east-1:{STAGING}:model-package/tuning/3"},
        "received": {
            "specification": {
                "Containers": [
                    {
                        "Image": "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:1.0",
                        "ModelDataSource": {
                            "S3DataSource": {
                                "S3Uri": "s3://store/received/0/",
                                "S3DataType": "S3Prefix",
                                "CompressionType": "None",
                            }
                        },
                    }
                ],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            },
            "card": "{}",
            "properties": {"artifacts_sha256": DIGEST},
        },
    }

    assert lint(parsed, tmp_path) == ""
    ((_, service, operation, parameters),) = calls_of(parsed)
    sent = filled(parameters, state)
    assert faults(service, operation, sent) == []
    assert sent["ModelApprovalStatus"] == "PendingManualApproval"
    assert len(sent["ClientToken"]) == 32
    assert parsed["States"]["Is it the one?"]["Default"] == "Receipt refused"


def test_an_approval_there_is_an_event_here(giving: dict[str, Any], taking: dict[str, Any]) -> None:
    """The bus takes events of that service and kind from that account only, and the rule listens to that account."""
    (policy,) = testing.resources(taking, "AWS::Events::EventBusPolicy").values()
    rules = [each["Properties"]["EventPattern"] for each in testing.resources(taking, "AWS::Events::Rule").values()]
    told = [
        target["Arn"]
        for each in testing.resources(giving, "AWS::Events::Rule").values()
        for target in each["Properties"]["Targets"]
        if "event-bus" in str(target["Arn"])
    ]

    statement = policy["Properties"]["Statement"]
    assert f":iam::{STAGING}:root" in str(statement["Principal"])
    assert statement["Condition"]["StringEquals"]["events:source"] == "aws.sagemaker"
    assert [each["account"] for each in rules if "account" in each] == [[STAGING]]
    assert f":events:us-east-1:{PRODUCTION}:event-bus/default" in str(told)
