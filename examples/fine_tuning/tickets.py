"""The pipeline of the example: a classifier of tickets, tuned whenever somebody approves new examples."""

from pathlib import Path
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import SecureBucket
from genai_layers.jobs.fine_tuning import (
    BaseModel,
    DataRules,
    Evaluator,
    FineTuningPipeline,
    JobContainer,
    JobImage,
    Machines,
    ModelCardFacts,
    Risk,
    Standard,
    TrainingDataBucket,
    TuningMethod,
)

HERE = Path(__file__).resolve().parent


class Tickets(Construct):
    """
    Buckets for weights and tickets, and the pipeline between them.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        key: Key of data and models.
        log_key: Key of logs.
        access_logs: Bucket of the access logs.
        vpc: Network of the jobs.
        feed: Who offers tickets.
        reviewer: Who approves tickets and models.
        unlocked_reason: Why tickets are not locked. Default: they are.
        **more: What else a `FineTuningPipeline` takes, such as `deploy_to`.

    Attributes:
        weights: Bucket of the base model.
        data: Bucket of the tickets.
        tuning: The pipeline.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        log_key: kms.IKey,
        access_logs: s3.IBucket,
        vpc: ec2.IVpc,
        feed: iam.IRole,
        reviewer: iam.IRole,
        unlocked_reason: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(scope, id)
        self.weights = SecureBucket(self, "Weights", key=key, access_logs=access_logs).bucket
        self.data = TrainingDataBucket(
            self,
            "Data",
            key=key,
            access_logs=access_logs,
            ingest=[feed],
            approvers=[reviewer],
            unlocked_reason=unlocked_reason,
        )
        self.tuning = FineTuningPipeline(
            self,
            "Tuning",
            key=key,
            log_key=log_key,
            access_logs=access_logs,
            base_model=BaseModel.in_bucket(self.weights, "word-counts", identity="word counts, version 1"),
            training_data=self.data,
            data_rules=DataRules(min_train_records=30, min_held_out_records=9),
            vpc=vpc,
            trainer=JobContainer(image=JobImage.cpu(), code=str(HERE / "trainer")),
            machines=Machines.on_demand("ml.m7i.large", max_runtime=Duration.hours(1), volume_gib=30),
            method=TuningMethod.full(epochs=2),
            evaluator=Evaluator.processing(
                JobContainer(image=JobImage.cpu(), code=str(HERE / "evaluator")),
                "ml.m5.large",
                standards=[Standard(metric="accuracy", least=0.8, tolerance=0.0)],
                volume_gib=30,
            ),
            card=ModelCardFacts(
                creator="support tooling",
                purpose="sends tickets to a queue",
                uses="a first guess that a person can change; not for priorities",
                limits="knows three queues and English only",
                risk=Risk.LOW,
                risk_reason="a wrong queue costs minutes",
            ),
            **more,
        )
