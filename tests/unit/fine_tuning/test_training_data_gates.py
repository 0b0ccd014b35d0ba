"""Several pipelines that learn from one bucket: each has a gate, and each gate passes."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, WorkloadRole
from genai_layers.jobs.fine_tuning import TrainingDataBucket

pytestmark = pytest.mark.synth


def test_the_gates_of_all_pipelines_may_write_what_passed_and_nobody_else() -> None:
    """The denial for the others is one statement, which a second pipeline must join and not replace."""
    stack = testing.stack()
    service = iam.ServicePrincipal("lambda.amazonaws.com")
    names = ("Feed", "Reviewer", "FirstGate", "SecondGate")
    feed, reviewer, *gates = (WorkloadRole(stack, name, assumed_by=service, description=name) for name in names)
    data = TrainingDataBucket(
        stack,
        "Data",
        key=EncryptionKey(stack, "Key", description="training data").key,
        access_logs=s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs"),
        ingest=[feed],
        approvers=[reviewer],
    )
    for gate in gates:
        data.admit(gate)

    (policy,) = testing.resources(testing.template(stack), "AWS::S3::BucketPolicy").values()

    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    (only,) = (each for each in statements if each.get("Sid") == "OnlyGatesPass")
    excepted = [arn["Fn::GetAtt"][0] for arn in only["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]]
    assert only["Effect"] == "Deny"
    assert [name[: len(gate)] for name, gate in zip(excepted, names[2:], strict=True)] == list(names[2:])
