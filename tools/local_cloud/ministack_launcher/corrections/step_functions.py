"""
Tasks of the form `arn:aws:states:::aws-sdk:bedrockagent:startIngestionJob`.

MiniStack 1.5.33 knows the `aws-sdk` integration for some services, Bedrock's not among them, and tells no digests of
objects. Calls to the ones below go through the public API, as the role of the state machine, with names and answers
as Step Functions has them.
"""

from __future__ import annotations

import contextvars
import datetime as dt
from collections.abc import Mapping
from typing import Any

from ministack.services import stepfunctions

from tools.local_cloud.ministack_launcher.api import RefusedError, call, output_shape
from tools.local_cloud.ministack_launcher.corrections.acting import session_of
from tools.local_cloud.ministack_launcher.errors import ProvisioningError

# SDK name in a task's ARN -> botocore's name, and the prefix of its errors.
SERVICES = {
    "bedrock": ("bedrock", "Bedrock"),
    "bedrockagent": ("bedrock-agent", "BedrockAgent"),
    "bedrockagentruntime": ("bedrock-agent-runtime", "BedrockAgentRuntime"),
    "bedrockruntime": ("bedrock-runtime", "BedrockRuntime"),
    "s3": ("s3", "S3"),
    "sagemaker": ("sagemaker", "SageMaker"),
}

_role_arn: contextvars.ContextVar[str] = contextvars.ContextVar("role of the running state machine", default="")


def apply() -> None:
    """Let tasks reach the services above, and remember whose role a task runs under."""
    run_task = stepfunctions._execute_task
    integrate = stepfunctions._invoke_aws_sdk_integration

    def run(state: dict[str, Any], state_input: Any, execution: dict[str, Any], context: Any) -> Any:
        machine = stepfunctions._state_machines.get((execution or {}).get("stateMachineArn", "")) or {}
        before = _role_arn.set(machine.get("roleArn", ""))
        try:
            return run_task(state, state_input, execution, context)
        finally:
            _role_arn.reset(before)

    def invoke(resource: str, parameters: Any) -> Any:
        service, operation = _target(resource)
        return task(service, operation, parameters) if service in SERVICES else integrate(resource, parameters)

    stepfunctions._execute_task = run
    stepfunctions._invoke_aws_sdk_integration = invoke


def task(service: str, operation: str, parameters: Mapping[str, Any]) -> Any:
    """
    Make one call for a task.

    Args:
        service: SDK name of the service.
        operation: Name of the call, first letter small.
        parameters: Members, first letters capital.
    """
    name, prefix = SERVICES[service]
    wanted = operation[0].upper() + operation[1:]
    try:
        answer = call(name, wanted, parameters or {}, session=session_of(_role_arn.get(), "states"))
    except RefusedError as error:
        raise stepfunctions._ExecutionError(f"{prefix}.{error.code}", str(error)) from error
    except ProvisioningError as error:
        raise stepfunctions._ExecutionError("States.Runtime", str(error)) from error
    return _told(output_shape(name, wanted), answer)


def _target(resource: str) -> tuple[str, str]:
    parts = resource.split(":")
    return (parts[6].lower(), parts[7].split(".")[0]) if len(parts) > 7 else ("", "")


def _told(shape: Any, value: Any) -> Any:
    """An answer as Step Functions tells it: members with capital first letters, times and streams as text."""
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, bytes):
        return value.decode()
    if shape is not None and shape.type_name == "structure" and isinstance(value, Mapping):
        return {k[0].upper() + k[1:]: _told(shape.members.get(k), v) for k, v in value.items()}
    if shape is not None and shape.type_name == "list":
        return [_told(shape.member, item) for item in value]
    if shape is not None and shape.type_name == "map":
        return {k: _told(shape.value, v) for k, v in value.items()}
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value
