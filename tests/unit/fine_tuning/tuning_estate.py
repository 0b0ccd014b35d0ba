"""A stack with a pipeline, for tests."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, SecureBucket, WorkloadRole
from genai_layers.jobs.fine_tuning import (
    BaseModel,
    Evaluator,
    FineTuningPipeline,
    JobContainer,
    JobImage,
    Machines,
    ModelCardFacts,
    Risk,
    Standard,
    TrainingDataBucket,
)

CARD = ModelCardFacts(
    creator="support tooling",
    purpose="drafts answers to tickets",
    uses="drafts that a person reads before they are sent",
    limits="knows nothing that happened after its data was approved",
    risk=Risk.LOW,
    risk_reason="a person reads every draft",
)
TRAINER = JobContainer(image=JobImage.hugging_face(), command=["python", "train.py"])
MACHINES = Machines.on_demand("ml.g6e.xlarge", max_runtime=Duration.hours(6))
EVALUATOR = Evaluator.processing(
    JobContainer(image=JobImage.hugging_face()), "ml.g6e.xlarge", standards=[Standard(metric="accuracy", least=0.6)]
)


class Estate:
    """
    Keys, buckets, roles and a network, and a pipeline on them.

    Args:
        stack: Where it goes. Default: a new one.
        unlocked_reason: Why the training data is not locked. Default: it is.
        **changes: Arguments of the pipeline, instead of the usual ones.
    """

    def __init__(self, stack: cdk.Stack | None = None, unlocked_reason: str | None = None, **changes: Any) -> None:
        self.stack = stack or testing.stack()
        self.key = EncryptionKey(self.stack, "Key", description="models", uses=FineTuningPipeline.REQUIRED_KEY_USES).key
        self.log_key = EncryptionKey(
            self.stack, "LogKey", description="logs", uses=FineTuningPipeline.REQUIRED_LOG_KEY_USES
        ).key
        self.access_logs = AccessLogBucket(self.stack, "AccessLogs").bucket
        self.weights: s3.IBucket = SecureBucket(
            self.stack, "Weights", key=self.key, access_logs=self.access_logs
        ).bucket
        self.ingest, self.approver, self.operator = (self._role(name) for name in ("Feed", "Reviewer", "Operator"))
        self.data = TrainingDataBucket(
            self.stack,
            "Data",
            key=self.key,
            access_logs=self.access_logs,
            ingest=[self.ingest],
            approvers=[self.approver],
            unlocked_reason=unlocked_reason,
        )
        self.alarm = cloudwatch.Alarm.from_alarm_arn(
            self.stack, "Alarm", f"arn:aws:cloudwatch:us-east-1:{testing.ACCOUNT}:alarm:wrong"
        )
        usual = {
            "key": self.key,
            "log_key": self.log_key,
            "base_model": BaseModel.in_bucket(self.weights, "tiny", identity="Tiny 1, revision 0a1b"),
            "training_data": self.data,
            "vpc": network(self.stack),
            "trainer": TRAINER,
            "machines": MACHINES,
            "evaluator": EVALUATOR,
            "card": CARD,
            "access_logs": self.access_logs,
            "alarms": [self.alarm],
        }
        self.pipeline = FineTuningPipeline(self.stack, "Tuning", **{**usual, **changes})

    def _role(self, name: str) -> WorkloadRole:
        return WorkloadRole(
            self.stack, name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description=f"works as {name}"
        )


def network(scope: cdk.Stack) -> ec2.IVpc:
    """An imported network with two isolated subnets."""
    return ec2.Vpc.from_vpc_attributes(
        scope,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    )
