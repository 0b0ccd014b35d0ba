"""Two tools of an agent: one looks something up, one changes something and is asked about first."""

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application import ActionTool
from genai_layers.foundation import RetainedLogGroup, WorkloadRole
from genai_layers.foundation.nag import acknowledge

_CODE = """
def handler(order, context):
    # What this user may do is decided here, too: by order["user"], never by what stands in the arguments.
    return {"user": order["user"], "tool": order["tool"], "arguments": order["arguments"], "days_left": 28}
"""


def leave_tools(scope: Construct, key: kms.IKey, group: cognito.IUserPoolGroup) -> list[ActionTool]:
    """
    Return the tools.

    Args:
        scope: Stack.
        key: Key for the logs of their function.
        group: Whose users may book leave.
    """
    function = _function(scope, key)
    return [
        ActionTool(
            name="leave_balance",
            description="Days of leave that the person has left this year.",
            parameters={"type": "object", "properties": {}, "additionalProperties": False},
            function=function,
            is_confirmed=False,
        ),
        ActionTool(
            name="book_leave",
            description="Books days of leave for the person.",
            parameters={
                "type": "object",
                "properties": {
                    "first_day": {"type": "string", "maxLength": 10, "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
                    "days": {"type": "integer", "minimum": 1, "maximum": 30},
                },
                "required": ["first_day", "days"],
                "additionalProperties": False,
            },
            function=function,
            groups=[group],
        ),
    ]


def _function(scope: Construct, key: kms.IKey) -> lambda_.Function:
    role = WorkloadRole(
        scope,
        "LeaveRole",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description="looks up and books leave",
    )
    log_group = RetainedLogGroup(scope, "LeaveLogs", key=key, retention=logs.RetentionDays.ONE_YEAR).log_group
    log_group.grant_write(role)
    function = lambda_.Function(
        scope,
        "Leave",
        code=lambda_.Code.from_inline(_CODE),
        handler="index.handler",
        log_group=log_group,
        role=role,
        runtime=lambda_.Runtime.PYTHON_3_14,
    )
    for rule, reason in (
        ("LambdaDLQ", "The agent waits for the answer and sees a failure at once; no event is queued."),
        ("LambdaConcurrency", "The agent calls it once a turn, and the API bounds the rate of turns."),
        ("LambdaInsideVPC", "It calls nothing at all; one that reaches a system of yours stands in its network."),
    ):
        acknowledge(function, rule, reason=reason)
    return function
