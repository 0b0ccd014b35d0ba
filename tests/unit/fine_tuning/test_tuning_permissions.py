"""Who may write data, approve it, train on it and judge the result, asked of an IAM evaluator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asl import logical_id, resolver

from genai_layers import testing
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

Ask = Callable[..., list[bool]]
Named = Callable[[str, str], str]
RUN = "a" * 40
INCOMING, APPROVAL = "incoming/tickets/train/a.jsonl", "incoming/tickets/approved.json"
APPROVED = f"approved/{RUN}/train/a.jsonl"
MODEL, EVALUATION, REPORT = (
    f"runs/{RUN}/{name}" for name in ("model/t/output/model/w", "evaluation/evaluation.json", "judgement.json")
)
JOBS = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"


def test_the_training_reads_what_passed_and_writes_none_of_it(ask: Ask, bucket: Named) -> None:
    """Whoever owns the trainer's code cannot change what the next one learns."""
    assert ask(
        "TuningJobsTrainingRole",
        ("s3:GetObject", bucket("DataStore", APPROVED)),
        ("s3:GetObject", bucket("Weights", "tiny/model.safetensors")),
        ("s3:PutObject", bucket("TuningRuns", MODEL)),
        ("s3:PutObject", bucket("TuningRuns", f"runs/{RUN}/checkpoints/1")),
    ) == [True, True, True, True]
    assert (
        ask(
            "TuningJobsTrainingRole",
            ("s3:PutObject", bucket("DataStore", APPROVED)),
            ("s3:PutObject", bucket("DataStore", INCOMING)),
            ("s3:GetObject", bucket("DataStore", INCOMING)),
            ("s3:PutObject", bucket("Weights", "tiny/model.safetensors")),
            ("s3:PutObject", bucket("TuningRuns", EVALUATION)),
            ("s3:PutObject", bucket("TuningRuns", REPORT)),
            ("s3:DeleteObject", bucket("TuningRuns", MODEL)),
            ("s3:GetObject", bucket("TuningRuns", MODEL)),
        )
        == [False] * 8
    )


def test_a_training_can_end_under_our_key(ask: Ask, template: dict[str, Any]) -> None:
    """Disks at the start, the upload of the model at the end: the grants that such jobs are found to lack."""
    key = resolver(template).arn(logical_id(template, "AWS::KMS::Key", "Key"))
    for role in ("TuningJobsTrainingRole", "TuningJobsEvaluationRole"):
        assert ask(
            role,
            ("kms:CreateGrant", key, {"kms:GrantIsForAWSResource": "true"}),
            ("kms:DescribeKey", key),
            ("kms:GenerateDataKey", key),
            ("kms:Encrypt", key),
            ("kms:Decrypt", key),
            ("kms:CreateGrant", key, {"kms:GrantIsForAWSResource": "false"}),
            ("kms:ScheduleKeyDeletion", key),
        ) == [True, True, True, True, True, False, False]


def test_the_evaluation_reads_both_models_and_judges_nothing(ask: Ask, bucket: Named) -> None:
    """It measures; the gate judges."""
    assert ask(
        "TuningJobsEvaluationRole",
        ("s3:GetObject", bucket("DataStore", f"approved/{RUN}/held_out/a.jsonl")),
        ("s3:GetObject", bucket("TuningRuns", MODEL)),
        ("s3:GetObject", bucket("Weights", "tiny/model.safetensors")),
        ("s3:PutObject", bucket("TuningRuns", EVALUATION)),
        ("s3:PutObject", bucket("TuningRuns", MODEL)),
        ("s3:PutObject", bucket("TuningRuns", REPORT)),
    ) == [True, True, True, True, False, False]


def test_who_offers_data_can_neither_approve_nor_read_nor_train(ask: Ask, bucket: Named) -> None:
    """One compromised feed poisons nothing."""
    assert ask(
        "Feed",
        ("s3:PutObject", bucket("DataStore", INCOMING)),
        ("s3:PutObject", bucket("DataStore", "incoming/tickets/held_out/a.jsonl")),
        ("s3:PutObject", bucket("DataStore", APPROVAL)),
        ("s3:PutObject", bucket("DataStore", APPROVED)),
        ("s3:GetObject", bucket("DataStore", INCOMING)),
        ("s3:GetObject", bucket("TuningRuns", MODEL)),
        ("s3:DeleteObjectVersion", bucket("DataStore", INCOMING)),
        ("sagemaker:CreateTrainingJob", f"{JOBS}:training-job/tune-1"),
    ) == [True, True, False, False, False, False, False, False]


def test_who_approves_reads_and_cannot_offer(ask: Ask, bucket: Named) -> None:
    """Two people are needed for every record."""
    assert ask(
        "Reviewer",
        ("s3:GetObject", bucket("DataStore", INCOMING)),
        ("s3:PutObject", bucket("DataStore", APPROVAL)),
        ("s3:PutObject", bucket("DataStore", INCOMING)),
        ("s3:PutObject", bucket("DataStore", APPROVED)),
    ) == [True, True, False, False]


def test_an_administrator_writes_no_training_data(template: dict[str, Any], bucket: Named) -> None:
    """The policy of the bucket denies everybody else, and nobody shortens the lock."""
    values = resolver(template)
    store = logical_id(template, "AWS::S3::Bucket", "DataStore")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    decisions = evaluate(
        [
            Request(
                principal=f"arn:aws:iam::{testing.ACCOUNT}:role/admin",
                action=action,
                resource=bucket("DataStore", key),
                identity_policies=[everything],
                resource_policy=testing.bucket_policy_of(template, store, values),
                resource_account=testing.ACCOUNT,
            )
            for action, key in (
                ("s3:PutObject", INCOMING),
                ("s3:PutObject", APPROVAL),
                ("s3:PutObject", APPROVED),
                ("s3:BypassGovernanceRetention", APPROVED),
                ("s3:GetObject", APPROVED),
            )
        ]
    )

    assert [decision.allowed for decision in decisions] == [False, False, False, False, True]


def test_only_the_gate_passes_data_on(ask: Ask, bucket: Named) -> None:
    """It reads versions of what is offered, writes what passed and its report, and reads no weights."""
    assert ask(
        "TuningGatesDataRole",
        ("s3:GetObjectVersion", bucket("DataStore", INCOMING)),
        ("s3:PutObject", bucket("DataStore", APPROVED)),
        ("s3:PutObject", bucket("TuningRuns", f"runs/{RUN}/data-report.json")),
        ("s3:PutObject", bucket("DataStore", INCOMING)),
        ("s3:PutObject", bucket("DataStore", APPROVAL)),
        ("s3:GetObject", bucket("Weights", "tiny/model.safetensors")),
        ("s3:PutObject", bucket("TuningRuns", MODEL)),
        ("s3:ListBucket", bucket("Weights"), {"s3:prefix": "tiny/"}),
        ("s3:ListBucket", bucket("Weights"), {"s3:prefix": "another/"}),
    ) == [True, True, True, False, False, False, False, True, False]


def test_the_judge_writes_judgements_only(ask: Ask, bucket: Named) -> None:
    """It cannot change what it judges."""
    assert ask(
        "TuningGatesModelRole",
        ("s3:GetObject", bucket("TuningRuns", EVALUATION)),
        ("s3:PutObject", bucket("TuningRuns", REPORT)),
        ("s3:PutObject", bucket("TuningRuns", MODEL)),
        ("s3:PutObject", bucket("DataStore", APPROVED)),
    ) == [True, True, False, False]
