"""The role that Bedrock takes on to work for a job of ours, and for nobody else's."""

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.bedrock.job_kind import JobKind

BEDROCK = "bedrock.amazonaws.com"


class JobRole(WorkloadRole):
    """
    A role for the jobs of one kind in this account and region.

    Bedrock serves every account, and would take on any role that trusts it for whoever names it. So this one names
    the account, and the kind of job, that it must come for.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        kind: Kind of job.
        description: What the role is for.
    """

    def __init__(self, scope: Construct, id: str, *, kind: JobKind, description: str) -> None:
        trusted = iam.ServicePrincipal(
            BEDROCK,
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                # The id is not known before the job runs, and that needs the role: any of ours.
                "ArnLike": {"aws:SourceArn": kind.arns(Stack.of(scope))},
            },
        )
        super().__init__(scope, id, assumed_by=trusted, description=description)

    def permit_batches(self, model_arns: Sequence[str]) -> None:
        """
        Let Bedrock run a model in batches for the job, as it does for many prompts.

        Args:
            model_arns: The model.
        """
        batches = JobKind.BATCH.arns(Stack.of(self))
        self.add_to_policy(
            iam.PolicyStatement(
                actions=["bedrock:CreateModelInvocationJob", "bedrock:GetModelInvocationJob"],
                resources=[*model_arns, batches],
            )
        )
        self.add_to_policy(iam.PolicyStatement(actions=["bedrock:StopModelInvocationJob"], resources=[batches]))
        acknowledge(
            self,
            wildcard_resource(self, batches),
            reason="A batch has no id before Bedrock makes it; the wildcard ends at batches of this account.",
        )

    def accept_unguarded(self, reason: str) -> None:
        """
        Accept that the job runs models without a guardrail, which Bedrock's jobs cannot name.

        Args:
            reason: What stands between the answers and people.
        """
        acknowledge(self, "GENAI-BEDROCK-09", reason=reason)

    def passing(self) -> iam.PolicyStatement:
        """Return what lets a caller hand this role to Bedrock, and to no other service."""
        return iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[self.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": BEDROCK}},
        )


def tagging(prefix: str, *resources: str) -> iam.PolicyStatement:
    """
    Return what lets a caller tag what it makes with the tag of a job, and with no other.

    Args:
        prefix: Value of the tag.
        *resources: ARNs that may be tagged.
    """
    return iam.PolicyStatement(
        actions=["bedrock:TagResource"],
        resources=list(resources),
        conditions={
            "StringEquals": {f"aws:RequestTag/{TAG}": prefix},
            "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]},
        },
    )


TAG = "genai-layers:job"
"""Tag of every job and model that is made here; its value is the beginning of their names."""


def tags(prefix: str) -> list[dict[str, str]]:
    """
    Return the tag of a job, as Bedrock wants it.

    Args:
        prefix: Value of the tag.
    """
    return [{"Key": TAG, "Value": prefix}]
