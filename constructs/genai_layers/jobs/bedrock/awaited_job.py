"""
The steps of one job, as Step Functions runs them.

    Start -> Give it time -> Look -> Decide -> what follows | Job failed | Count -> Give it time
                                        | time is out
                                        v
                                      Stop -> Out of time

Every step calls the service itself (`aws-sdk:bedrock`), so there is no code to run, patch or pay for.
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.job_kind import JobKind
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import token
from genai_layers.jobs.bedrock.sdk_call import sdk_call

BUSY = ("Bedrock.ConflictException", "Bedrock.ServiceQuotaExceededException")
"""Another job is in the way: an account runs few jobs of a kind at a time."""

OUT_OF_TIME = "JobTimedOut"
"""Error of an execution whose job ran too long; the job has been stopped where the service can."""

JOB = "$.job"
STARTED = "$.started"
LOOKS = "$.looks"

Outcome = tuple[sfn.Condition, sfn.IChainable]
"""What counts as an end, and what follows it."""


def awaited_job(
    scope: Construct,
    kind: JobKind,
    *,
    parameters: Mapping[str, object],
    authorized: Sequence[str],
    statements: Sequence[iam.PolicyStatement],
    patience: Patience,
    outcomes: Sequence[Outcome],
) -> tasks.CallAwsService:
    """
    Return the step that starts a job; the others hang on it.

    The state must hold the number of looks so far, as `begin` puts it there.

    Args:
        scope: The construct that the steps belong to.
        kind: Kind of job.
        parameters: Members of the request that starts it, without the token.
        authorized: What starting it is authorized against.
        statements: What else whoever starts it must be allowed.
        patience: How often to look, and for how long.
        outcomes: What counts as success and what follows, asked in this order and before failure.
    """
    start = starting(scope, kind, parameters=parameters, authorized=authorized, statements=statements)
    start.next(awaiting(scope, kind, patience=patience, outcomes=outcomes))
    return start


def starting(
    scope: Construct,
    kind: JobKind,
    *,
    parameters: Mapping[str, object],
    authorized: Sequence[str],
    statements: Sequence[iam.PolicyStatement],
) -> tasks.CallAwsService:
    """
    Return the step that starts a job, and nothing behind it.

    Args:
        scope: The construct that the step belongs to.
        kind: Kind of job.
        parameters: Members of the request that starts it, without the token.
        authorized: What starting it is authorized against.
        statements: What else whoever starts it must be allowed.
    """
    start = sdk_call(
        scope,
        "Start",
        service="bedrock",
        operation=kind.create,
        resources=authorized,
        parameters={**parameters, "ClientRequestToken": token()},
        statements=statements,
        result_path=STARTED,
    )
    start.add_retry(
        errors=list(BUSY),
        interval=Duration.minutes(1),
        backoff_rate=1.5,
        max_attempts=12,
        max_delay=Duration.minutes(15),
        jitter_strategy=sfn.JitterType.FULL,
    )
    return start


def awaiting(scope: Construct, kind: JobKind, *, patience: Patience, outcomes: Sequence[Outcome]) -> sfn.Wait:
    """
    Return the step that waits for a job that was started; the others hang on it.

    Args:
        scope: The construct that the steps belong to.
        kind: Kind of job.
        patience: How often to look, and for how long.
        outcomes: What counts as success and what follows, asked in this order and before failure.
    """
    look = _about(scope, "Look", kind, kind.get, JOB)
    give_time = sfn.Wait(scope, "Give it time", time=sfn.WaitTime.duration(patience.poll))
    decide = sfn.Choice(scope, "Decide")
    for condition, following in outcomes:
        decide.when(condition, following)
    decide.when(_any(kind.ends), failure(scope, "Job failed", kind.failed))
    late = sfn.Condition.number_greater_than_equals(f"{LOOKS}.done", patience.looks)
    decide.when(late, _give_up(scope, kind))
    count = sfn.Pass(scope, "Count", parameters={"done.$": f"States.MathAdd({LOOKS}.done, 1)"}, result_path=LOOKS)
    decide.otherwise(count.next(give_time))
    give_time.next(look).next(decide)
    return give_time


def begin(scope: Construct, defaults: Mapping[str, object]) -> sfn.Chain:
    """
    Return the first steps: what was asked, over what is meant when nothing is, and no look yet.

    Args:
        scope: The construct that the steps belong to.
        defaults: Input that holds where the execution names none.
    """
    known = sfn.Pass(scope, "Defaults", parameters={"defaults": dict(defaults)})
    asked = sfn.JsonPath.json_merge(sfn.JsonPath.object_at("$.defaults"), sfn.JsonPath.object_at("$$.Execution.Input"))
    return known.next(sfn.Pass(scope, "Begin", parameters={"input": asked, "looks": {"done": 1}}))


def succeeded(name: str = "Completed") -> sfn.Condition:
    """
    Return whether the job ended as *name*.

    Args:
        name: Status in the words of the service.
    """
    return sfn.Condition.string_equals(f"{JOB}.Status", name)


def failure(scope: Construct, id: str, error: str, cause: str = JOB) -> sfn.Fail:
    """
    Return an end whose cause is a part of the state as text: the job as the service tells it, reasons included.

    Args:
        scope: The construct that the step belongs to.
        id: Name of the state.
        error: Error of the execution.
        cause: Path of that part. Default: the job.
    """
    return sfn.Fail(scope, id, error=error, cause_path=sfn.JsonPath.json_to_string(sfn.JsonPath.object_at(cause)))


def _any(names: Sequence[str]) -> sfn.Condition:
    conditions = [succeeded(name) for name in names]
    return sfn.Condition.or_(*conditions) if len(conditions) > 1 else conditions[0]


def _about(scope: Construct, id: str, kind: JobKind, operation: str, result_path: str) -> tasks.CallAwsService:
    return sdk_call(
        scope,
        id,
        service="bedrock",
        operation=operation,
        resources=[kind.arns(Stack.of(scope))],
        parameters={kind.identifier: sfn.JsonPath.string_at(f"{STARTED}.{kind.arn}")},
        result_path=result_path,
    )


def _give_up(scope: Construct, kind: JobKind) -> sfn.IChainable:
    late = failure(scope, "Out of time", OUT_OF_TIME)
    if kind.stop is None:
        return late
    stop = _about(scope, "Stop", kind, kind.stop, sfn.JsonPath.DISCARD)
    # It may have ended by itself in between.
    stop.add_catch(late, errors=["States.TaskFailed"], result_path="$.not_stopped")
    return stop.next(late)
