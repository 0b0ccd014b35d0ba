"""Starting an execution once, however often it is asked for: its name says what it is for, and is used once."""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

ALREADY_THERE = ("Sfn.ExecutionAlreadyExists", "Sfn.ExecutionAlreadyExistsException")


def start_once(scope: Construct, machine: sfn.IStateMachine, *, name: str, input: str) -> tasks.CallAwsService:
    """
    Return the step that asks for an execution, and is content to find it there.

    Args:
        scope: The construct that the step belongs to.
        machine: What is started.
        name: Expression for the name of the execution.
        input: Its input, as text or as an expression for it.
    """
    ask = tasks.CallAwsService(
        scope,
        "Ask",
        service="sfn",
        action="startExecution",
        iam_action="states:StartExecution",
        iam_resources=[machine.state_machine_arn],
        # Text, as the service itself takes it; only the optimized integration takes an object.
        parameters={"StateMachineArn": machine.state_machine_arn, "Name": name, "Input": input},
    )
    ask.add_retry(
        errors=["Sfn.SfnException", "Sfn.ThrottlingException"],
        interval=Duration.seconds(1),
        backoff_rate=1.5,
        max_attempts=5,
        jitter_strategy=sfn.JitterType.FULL,
    )
    ask.add_catch(sfn.Succeed(scope, "Asked already"), errors=list(ALREADY_THERE))
    return ask
