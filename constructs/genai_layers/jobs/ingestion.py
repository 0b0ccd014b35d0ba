"""Ingestion of documents: started on upload or by hand, awaited, and loud when a document fails."""

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import KeyUse, RetainedLogGroup, WorkloadRole
from genai_layers.jobs.errors import IngestionError
from genai_layers.jobs.ingestion_request import request_steps
from genai_layers.jobs.ingestion_steps import WINDOW, steps
from genai_layers.jobs.interfaces import IIngestible
from genai_layers.jobs.workflow import Workflow

_MINIMUM_TIMEOUT = Duration.minutes(10)


class IngestionJob(Construct):
    """
    Turns the documents of a knowledge base into passages, and says when it could not.

    It starts when documents are put into the bucket or deleted, once a day, after a deploy that changed what is
    ingested, and by hand (`grant_start`). Uploads of one minute share a job. One job runs at a time: an
    execution that finds another one steps aside, and ends as covered once a newer job has read its documents.
    What has no bucket, such as tables and connectors, is read once a day, after such a deploy and by hand.
    An execution fails when the job fails and when a single document does; its cause names counts and reasons.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes new state machines.
        knowledge_base: What is ingested.
        key: Key for executions and logs; it needs the uses in `REQUIRED_KEY_USES`.
        log_retention: How long the logs are kept. Default: one year.
        poll: Time between two looks at a running job. Default: 15 seconds.
        timeout: Longest run, waiting for other jobs included. Default: 12 hours.
        resync: Time between two runs without an upload, which pick up events that got lost. Default: one day.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Raises:
        IngestionError: The times contradict one another.

    Example:
        job = IngestionJob(self, "Ingestion", knowledge_base=knowledge, key=key.key)
        job.grant_start(operator)
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS, *Workflow.REQUIRED_KEY_USES)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        knowledge_base: IIngestible,
        key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        poll: Duration | None = None,
        timeout: Duration | None = None,
        resync: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        poll = Duration.seconds(15) if poll is None else poll
        timeout = Duration.hours(12) if timeout is None else timeout
        resync = Duration.days(1) if resync is None else resync
        _check(poll, timeout, resync)

        log_group = RetainedLogGroup(
            self, "Logs", key=key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self._ingest = Workflow(
            self,
            "Ingest",
            definition=steps(Construct(self, "Steps"), knowledge_base, poll),
            description="ingests documents into a knowledge base",
            key=key,
            log_group=log_group,
            timeout=timeout,
        )
        self._request = None if knowledge_base.documents is None else self._on_uploads(key=key, log_group=log_group)
        self._start_on(knowledge_base, resync)

    @property
    def state_machine(self) -> sfn.StateMachine:
        """State machine that ingests; start it by hand with any input."""
        return self._ingest.state_machine

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start an ingestion, watch it and read what came of it.

        Args:
            grantee: Who may.
        """
        return self._ingest.grant_start(grantee)

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many ingestions began."""
        return self.state_machine.metric_started()

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many ingestions failed, a single failed document included."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many ingestions ran out of time."""
        return self.state_machine.metric_timed_out()

    def metric_request_failed(self) -> cloudwatch.Metric:
        """
        Return how many uploads could not be passed on; the next run picks their documents up.

        Raises:
            IngestionError: There is no bucket to upload to.
        """
        if self._request is None:
            raise IngestionError(["there are no uploads to pass on: what is ingested has no bucket"])
        return self._request.state_machine.metric_failed()

    def _on_uploads(self, *, key: kms.IKey, log_group: logs.ILogGroup) -> Workflow:
        return Workflow(
            self,
            "Request",
            definition=request_steps(Construct(self, "RequestSteps"), self.state_machine),
            description="starts one ingestion for the uploads of a minute",
            key=key,
            log_group=log_group,
            timeout=Duration.minutes(1),
            is_express=True,
        )

    def _start_on(self, knowledge_base: IIngestible, resync: Duration) -> None:
        role = WorkloadRole(
            self,
            "StartRole",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description="starts ingestions for EventBridge",
        )
        ingest = targets.SfnStateMachine(self.state_machine, role=role)
        rules = []
        if self._request is not None and knowledge_base.documents is not None:
            on_upload = events.Rule(
                self,
                "OnUpload",
                description="documents were put into the bucket or deleted",
                event_pattern=events.EventPattern(
                    source=["aws.s3"],
                    detail_type=["Object Created", "Object Deleted"],
                    detail={"bucket": {"name": [knowledge_base.documents.bucket_name]}},
                ),
                targets=[targets.SfnStateMachine(self._request.state_machine, role=role)],
            )
            rules.append(on_upload)
        on_schedule = events.Rule(
            self,
            "OnSchedule",
            description="picks up what events did not tell",
            schedule=events.Schedule.rate(resync),
            targets=[ingest],
        )
        on_deploy = events.Rule(
            self,
            "OnDeploy",
            description="a deploy changed what is ingested, such as the way documents are cut",
            event_pattern=events.EventPattern(
                source=["aws.cloudformation"],
                detail_type=["CloudFormation Resource Status Change"],
                detail={
                    "stack-id": [Aws.STACK_ID],
                    "logical-resource-id": [Stack.of(self).get_logical_id(self._ingest.cfn_state_machine)],
                    "status-details": {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE"]},
                },
            ),
            targets=[ingest],
        )
        # An event that the role may not yet act on is lost, so its policy comes first.
        for rule in (*rules, on_schedule, on_deploy):
            rule.node.add_dependency(role)


def _check(poll: Duration, timeout: Duration, resync: Duration) -> None:
    faults = []
    if not 5 <= poll.to_seconds() <= 300:
        faults.append(f"poll is {poll.to_seconds():g} seconds, allowed are 5 to 300")
    if timeout.to_seconds() < _MINIMUM_TIMEOUT.to_seconds():
        faults.append(
            f"timeout is {timeout.to_minutes():g} minutes, at least {_MINIMUM_TIMEOUT.to_minutes():g} are needed: "
            f"an upload alone waits {WINDOW.to_seconds():g} seconds for more"
        )
    if resync.to_seconds() < 3600:
        faults.append(f"resync is {resync.to_minutes():g} minutes, at least 60 are allowed: uploads start runs too")
    if faults:
        raise IngestionError(faults)
