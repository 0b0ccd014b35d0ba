"""
The steps of an ingestion, as Step Functions runs them.

    [Wait for more ->] Note the time -> Start -> Give it time -> Look -> Decide -> Ingested | failed
                                        | another job runs
                                        v
                          Step aside -> Look for a newer job -> Covered | Start

Every step calls the service itself (`aws-sdk:bedrockagent`), so there is no code to run, patch or pay for.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.interfaces import IIngestible

WINDOW = Duration.seconds(70)
"""
Uploads of one minute share an execution, so it waits out that minute before it starts the job.

Ten seconds more than the minute, since S3 rounds the time of an event down to a second.
"""

BUSY = ("BedrockAgent.ConflictException", "BedrockAgent.ServiceQuotaExceededException")
"""A data source takes one job at a time, an account five."""

FLEETING = ("BedrockAgent.InternalServerException", "BedrockAgent.ThrottlingException")
"""StartIngestionJob takes one call in ten seconds, and any answer can fail once."""

DOCUMENTS_FAILED = "DocumentsFailed"
JOB_FAILED = "IngestionJobFailed"
"""Errors of an execution; the cause is the job as the service describes it, with counts and reasons."""

_JOB = "$.job.IngestionJob"


def steps(scope: Construct, target: IIngestible, poll: Duration) -> sfn.IChainable:
    """
    Return the definition for the documents of *target*.

    Args:
        scope: The construct that the steps belong to.
        target: What is ingested.
        poll: Time between two looks at a running job.
    """
    source = {"KnowledgeBaseId": target.knowledge_base_id, "DataSourceId": target.data_source_id}
    # The same token for every try of an execution: an answer that got lost leads to the same job, not a second.
    token = sfn.JsonPath.hash(sfn.JsonPath.string_at("$$.Execution.Id"), "SHA-256")
    start = _call(scope, "Start", target, "StartIngestionJob", {**source, "ClientToken": token}, "$.job")
    give_time = sfn.Wait(scope, "Give it time", time=sfn.WaitTime.duration(poll))
    job_id = sfn.JsonPath.string_at(f"{_JOB}.IngestionJobId")
    look = _call(scope, "Look", target, "GetIngestionJob", {**source, "IngestionJobId": job_id}, "$.job")
    start.next(give_time).next(look).next(_decide(scope, give_time))

    step_aside = sfn.Wait(scope, "Step aside", time=sfn.WaitTime.duration(Duration.minutes(1)))
    start.add_catch(step_aside, errors=list(BUSY), result_path="$.busy")
    latest = {"MaxResults": 1, "SortBy": {"Attribute": "STARTED_AT", "Order": "DESCENDING"}}
    newer = _call(scope, "Look for a newer job", target, "ListIngestionJobs", {**source, **latest}, "$.latest")
    step_aside.next(newer).next(_covered(scope, start))

    note = sfn.Pass(scope, "Note the time", parameters={"ready_at.$": "$$.State.EnteredTime", "input.$": "$"})
    wait = sfn.Wait(scope, "Wait for more", time=sfn.WaitTime.duration(WINDOW))
    entry = sfn.Choice(scope, "Begin").when(sfn.Condition.is_present("$.upload"), wait.next(note)).otherwise(note)
    note.next(start)
    return entry


def _call(
    scope: Construct,
    id: str,
    target: IIngestible,
    operation: str,
    parameters: Mapping[str, object],
    result_path: str,
) -> tasks.CallAwsService:
    call = tasks.CallAwsService(
        scope,
        id,
        service="bedrockagent",
        action=operation[0].lower() + operation[1:],
        iam_action=f"bedrock:{operation}",
        iam_resources=[target.knowledge_base_arn],
        parameters=dict(parameters),
        result_path=result_path,
    )
    call.add_retry(
        errors=list(FLEETING),
        interval=Duration.seconds(10),
        backoff_rate=1.5,
        max_attempts=8,
        max_delay=Duration.minutes(2),
        jitter_strategy=sfn.JitterType.FULL,
    )
    return call


def _decide(scope: Construct, again: sfn.Wait) -> sfn.IChainable:
    status = f"{_JOB}.Status"
    failed = f"{_JOB}.Statistics.NumberOfDocumentsFailed"
    complete = sfn.Condition.string_equals(status, "COMPLETE")
    some_failed = sfn.Condition.and_(
        complete, sfn.Condition.is_present(failed), sfn.Condition.number_greater_than(failed, 0)
    )
    ended = sfn.Condition.or_(*(sfn.Condition.string_equals(status, name) for name in ("FAILED", "STOPPED")))
    return (
        sfn.Choice(scope, "Decide")
        .when(some_failed, _failure(scope, "Documents failed", DOCUMENTS_FAILED))
        .when(complete, sfn.Succeed(scope, "Ingested", output_path=_JOB))
        .when(ended, _failure(scope, "Job failed", JOB_FAILED))
        .otherwise(again)
    )


def _failure(scope: Construct, id: str, error: str) -> sfn.Fail:
    # The job as a whole, since the service leaves FailureReasons out where it has none.
    return sfn.Fail(scope, id, error=error, cause_path=sfn.JsonPath.json_to_string(sfn.JsonPath.object_at(_JOB)))


def _covered(scope: Construct, start: tasks.CallAwsService) -> sfn.IChainable:
    # A job that began after this execution was ready has read everything that this one is about.
    begun = "$.latest.IngestionJobSummaries[0].StartedAt"
    newer = sfn.Condition.and_(
        sfn.Condition.is_present(begun), sfn.Condition.timestamp_greater_than_json_path(begun, "$.ready_at")
    )
    covered = sfn.Succeed(scope, "Covered", output_path="$.latest.IngestionJobSummaries[0]")
    return sfn.Choice(scope, "Newer job").when(newer, covered).otherwise(start)
