"""A cluster for trainings, with what watches it."""

from __future__ import annotations

import aws_cdk as cdk
from tuning_estate import network

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, SecureBucket
from genai_layers.jobs.training_cluster import NodeGroup, TrainingCluster
from genai_layers.operations import Monitoring

PLAN = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}:training-plan/large"
GROUPS = (
    NodeGroup.controller(),
    NodeGroup.login(),
    NodeGroup.compute("workers", "ml.p5.48xlarge", 4, training_plan_arn=PLAN),
)


class Cluster:
    """A cluster with the usual nodes, which reads data and writes models."""

    def __init__(self, app: cdk.App | None = None, groups: tuple[NodeGroup, ...] = GROUPS) -> None:
        self.stack = testing.stack(app)
        uses = TrainingCluster.REQUIRED_KEY_USES
        key = EncryptionKey(self.stack, "Key", description="models", uses=uses).key
        logs = AccessLogBucket(self.stack, "Logs").bucket
        bucket = SecureBucket(self.stack, "Data", key=key, access_logs=logs).bucket
        alarm_key = EncryptionKey(
            self.stack,
            "AlarmKey",
            description="alarms",
            uses=[*Monitoring.REQUIRED_KEY_USES, KeyUse.EVENTBRIDGE],
        ).key
        self.monitoring = Monitoring(self.stack, "Monitoring", key=alarm_key)
        self.made = TrainingCluster(
            self.stack,
            "Cluster",
            key=key,
            vpc=network(self.stack),
            groups=groups,
            topic=self.monitoring.topic,
        )
        self.made.grant_read(bucket, "approved/")
        self.made.grant_write(bucket, "models/")
