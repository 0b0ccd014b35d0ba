"""One call of an AWS API as a step, with the permission that it takes and the faults that pass."""

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

FLEETING: Final[Mapping[str, Sequence[str]]] = {
    "bedrock": ("Bedrock.InternalServerException", "Bedrock.ThrottlingException"),
    "bedrockagent": (
        "BedrockAgent.ConflictException",
        "BedrockAgent.InternalServerException",
        "BedrockAgent.ThrottlingException",
    ),
    "bedrockruntime": (
        "BedrockRuntime.InternalServerException",
        "BedrockRuntime.ModelTimeoutException",
        "BedrockRuntime.ServiceUnavailableException",
        "BedrockRuntime.ThrottlingException",
    ),
    "s3": ("S3.SdkClientException", "S3.S3Exception"),
    "ssm": ("Ssm.InternalServerErrorException", "Ssm.SsmException", "Ssm.TooManyUpdatesException"),
}
"""Errors, by service, after which the same call may go through."""

_IAM_PREFIXES = {"bedrockagent": "bedrock", "bedrockruntime": "bedrock"}


def sdk_call(
    scope: Construct,
    id: str,
    *,
    service: str,
    operation: str,
    resources: Sequence[str],
    parameters: Mapping[str, object],
    iam_action: str | None = None,
    statements: Sequence[iam.PolicyStatement] = (),
    result_path: str = "$",
    result_selector: Mapping[str, object] | None = None,
) -> tasks.CallAwsService:
    """
    Return the step.

    Args:
        scope: The construct that the step belongs to.
        id: Name of the state.
        service: Service in the words of Step Functions, such as `bedrock`.
        operation: Operation, such as `GetModelImportJob`.
        resources: What it is authorized against.
        parameters: Members of the request, with capital first letters.
        iam_action: Action that it takes. Default: the operation under the prefix of the service.
        statements: What else the caller must be allowed. Default: nothing.
        result_path: Where the answer goes. Default: it replaces the input.
        result_selector: What of the answer is kept. Default: all.
    """
    action = iam_action or f"{_IAM_PREFIXES.get(service, service)}:{operation}"
    step = tasks.CallAwsService(
        scope,
        id,
        service=service,
        action=operation[0].lower() + operation[1:],
        iam_action=action,
        iam_resources=list(resources),
        additional_iam_statements=list(statements),
        # A call without members is made without the state, too.
        input_path=None if parameters else sfn.JsonPath.DISCARD,
        parameters=dict(parameters),
        result_path=result_path,
        result_selector=None if result_selector is None else dict(result_selector),
    )
    step.add_retry(
        errors=list(FLEETING[service]),
        interval=Duration.seconds(5),
        backoff_rate=1.5,
        max_attempts=8,
        max_delay=Duration.minutes(2),
        jitter_strategy=sfn.JitterType.FULL,
    )
    return step
