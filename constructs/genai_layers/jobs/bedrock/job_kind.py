"""The kinds of jobs that Bedrock runs, as its API and IAM name them."""

from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """
    A kind of job.

    Attributes:
        resource: Kind in the ARN of a job.
        create: Operation that starts one.
        get: Operation that tells how it is.
        stop: Operation that ends one early; None where there is none.
        failed: Error of an execution whose job went wrong.
        ends: What a job may end as, other than what counts as success.
        arn: Where the answer that starts one has its ARN.
        identifier: Where a request about one names it.
    """

    resource: str
    create: str
    get: str
    stop: str | None
    failed: str
    ends: tuple[str, ...]
    arn: str = "JobArn"
    identifier: str = "JobIdentifier"

    IMPORT: ClassVar["JobKind"]
    CUSTOMIZATION: ClassVar["JobKind"]
    EVALUATION: ClassVar["JobKind"]
    BATCH: ClassVar["JobKind"]
    DEPLOYMENT: ClassVar["JobKind"]

    def arns(self, stack: Stack) -> str:
        """
        Return the ARN of every job of the kind; ids are not known beforehand.

        Args:
            stack: Gives partition, region and account.
        """
        return own(stack, self.resource)

    @property
    def network_tag(self) -> str:
        """Tag that Bedrock puts on the network interfaces of a job in a network."""
        return "Bedrock" + "".join(word.capitalize() for word in self.resource.split("-")) + "Arn"


def own(stack: Stack, resource: str) -> str:
    """
    Return the ARN of everything of a kind in this account and region.

    Args:
        stack: Gives partition, region and account.
        resource: Kind, such as `imported-model`.
    """
    return stack.format_arn(service="bedrock", resource=resource, resource_name="*")


JobKind.IMPORT = JobKind(
    resource="model-import-job",
    create="CreateModelImportJob",
    get="GetModelImportJob",
    stop=None,
    failed="ModelImportFailed",
    ends=("Failed",),
)
JobKind.CUSTOMIZATION = JobKind(
    resource="model-customization-job",
    create="CreateModelCustomizationJob",
    get="GetModelCustomizationJob",
    stop="StopModelCustomizationJob",
    failed="ModelCustomizationFailed",
    ends=("Failed", "Stopped"),
)
JobKind.EVALUATION = JobKind(
    resource="evaluation-job",
    create="CreateEvaluationJob",
    get="GetEvaluationJob",
    stop="StopEvaluationJob",
    failed="EvaluationFailed",
    ends=("Failed", "Stopped", "Deleting"),
)
JobKind.BATCH = JobKind(
    resource="model-invocation-job",
    create="CreateModelInvocationJob",
    get="GetModelInvocationJob",
    stop="StopModelInvocationJob",
    failed="BatchInferenceFailed",
    ends=("Failed", "Stopped", "Expired", "PartiallyCompleted"),
)
# No job in the words of the service, and awaited like one.
JobKind.DEPLOYMENT = JobKind(
    resource="custom-model-deployment",
    create="CreateCustomModelDeployment",
    get="GetCustomModelDeployment",
    stop=None,
    failed="ModelDeploymentFailed",
    ends=("Failed",),
    arn="CustomModelDeploymentArn",
    identifier="CustomModelDeploymentIdentifier",
)
