"""Where the requests of an asynchronous endpoint lie, and where its answers go."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.execution_role import ExecutionRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """
    Where requests lie and answers go.

    Attributes:
        bucket: Bucket of both.
        requests: Folder of the requests. Default: `requests`.
        answers: Folder of the answers. Default: `answers`.
        failures: Folder of what went wrong. Default: `failures`.
        answered: Topic that hears of each answer. Default: none.
        failed: Topic that hears of each failure. Default: none.
    """

    bucket: s3.IBucket
    requests: str = "requests"
    answers: str = "answers"
    failures: str = "failures"
    answered: sns.ITopic | None = None
    failed: sns.ITopic | None = None

    def faults(self) -> list[str]:
        """Return what is wrong with its folders."""
        folders = [self.requests, self.answers, self.failures]
        found = [
            f"mailbox folder is {folder!r}: name one without a slash at either end"
            for folder in folders
            if not folder or folder.strip("/") != folder
        ]
        if len(set(folders)) != len(folders):
            found.append(f"mailbox folders are {', '.join(folders)}: name three different ones")
        return found

    def render(self, key: kms.IKey, concurrency: int | None) -> dict[str, object]:
        """
        Return the settings as CloudFormation wants them.

        Args:
            key: Key of the answers, where the bucket has none.
            concurrency: Requests in hand of one machine; None for what the service finds best.
        """
        topics = {"successTopic": self.answered, "errorTopic": self.failed}
        named = {name: topic.topic_arn for name, topic in topics.items() if topic is not None}
        output: dict[str, object] = {
            "kmsKeyId": (self.bucket.encryption_key or key).key_arn,
            "s3OutputPath": f"s3://{self.bucket.bucket_name}/{self.answers}",
            "s3FailurePath": f"s3://{self.bucket.bucket_name}/{self.failures}",
        }
        if named:
            output["notificationConfig"] = named
        client = {} if concurrency is None else {"clientConfig": {"maxConcurrentInvocationsPerInstance": concurrency}}
        return {"outputConfig": output, **client}

    def grant(self, role: ExecutionRole, key: kms.IKey) -> None:
        """
        Let the endpoint read requests, write answers and tell the topics.

        Args:
            role: Execution role.
            key: Key of the answers, where the bucket has none.
        """
        stack = Stack.of(role)
        requests, *written = (
            self.bucket.arn_for_objects(f"{folder}/*") for folder in (self.requests, self.answers, self.failures)
        )
        role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[requests]))
        role.add_to_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=written))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[(self.bucket.encryption_key or key).key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
            )
        )
        for topic in (self.answered, self.failed):
            if topic is not None:
                _let_publish(role, topic)
        for arn in (requests, *written):
            acknowledge(
                role,
                wildcard_resource(role, arn),
                reason="Callers and the service choose the keys under this folder, one for each request.",
            )


def _let_publish(role: ExecutionRole, topic: sns.ITopic) -> None:
    # The topic's own grant names `kms:GenerateDataKey*`; a publisher needs the plain action alone.
    role.add_to_policy(iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn]))
    if topic.master_key is not None:
        role.add_to_policy(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[topic.master_key.key_arn])
        )
