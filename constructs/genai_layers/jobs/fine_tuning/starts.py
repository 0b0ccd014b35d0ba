"""What starts a fine-tuning: an approval, a clock, or somebody by hand; never a template that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.jobs.fine_tuning.training_data import APPROVAL, TrainingDataBucket
from genai_layers.jobs.start_once import start_once
from genai_layers.jobs.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """
    A reason to start. By hand is always possible.

    Attributes:
        schedule: When; None for an approval.
        data_set: Data set that is trained on then, by its folder below `incoming/`; None for the approved one.

    Example:
        [Start.on_approval(), Start.on_schedule(events.Schedule.rate(Duration.days(30)), data_set="tickets")]
    """

    schedule: events.Schedule | None = None
    data_set: str | None = None

    @classmethod
    def on_approval(cls) -> Start:
        """Whenever a data set is approved."""
        return cls()

    @classmethod
    def on_schedule(cls, schedule: events.Schedule, *, data_set: str) -> Start:
        """At set times, with the newest approval of one data set."""
        return cls(schedule=schedule, data_set=data_set)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        if self.data_set is not None and (not self.data_set or self.data_set.strip("/") != self.data_set):
            return (f"start has data_set {self.data_set!r}: name its folder, without a slash at either end",)
        return ()


def request_steps(scope: Construct, machine: sfn.IStateMachine) -> sfn.IChainable:
    """
    Return the definition that turns an approval into one execution, however often its event comes.

    EventBridge delivers an event at least once, and each run costs what its machines cost. An execution is named
    after the version of the approval, and a name is used once.

    Args:
        scope: The construct that the steps belong to.
        machine: What tunes.
    """
    version = "States.Format('{}:{}', $.detail.object.key, $.detail.object['version-id'])"
    name = sfn.JsonPath.string_at(f"States.Format('approved-{{}}', States.Hash({version}, 'SHA-1'))")
    ask = start_once(scope, machine, name=name, input=sfn.JsonPath.json_to_string(sfn.JsonPath.object_at("$.input")))
    note = sfn.Pass(
        scope,
        "Note the approval",
        parameters={"detail.$": "$.detail", "input": {"manifest.$": "$.detail.object.key"}},
    )
    return note.next(ask)


def start_all(
    scope: Construct,
    starts: Sequence[Start],
    *,
    data: TrainingDataBucket,
    tune: sfn.IStateMachine,
    key: kms.IKey,
    log_group: logs.ILogGroup,
) -> None:
    """
    Make the rules of all starts, and the state machine that asks for a tuning once for an approval.

    Args:
        scope: The construct that they belong to.
        starts: Why; none for hands only.
        data: Where approvals come.
        tune: What tunes.
        key: Key for executions.
        log_group: Where the events of the state machine go.
    """
    if not starts:
        return
    request = Workflow(
        scope,
        "Request",
        definition=request_steps(Construct(scope, "RequestSteps"), tune),
        description="starts one tuning for an approval",
        key=key,
        log_group=log_group,
        timeout=Duration.minutes(1),
        is_express=True,
    )
    for index, start in enumerate(starts, start=1):
        _start_on(scope, start, index, data=data, tune=tune, request=request.state_machine)


def _start_on(
    scope: Construct,
    start: Start,
    index: int,
    *,
    data: TrainingDataBucket,
    tune: sfn.IStateMachine,
    request: sfn.IStateMachine,
) -> None:
    role = WorkloadRole(
        scope,
        f"StartRole{index}",
        assumed_by=iam.ServicePrincipal(
            "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        ),
        description="starts fine-tunings for EventBridge",
    )
    if start.schedule is None:
        rule = events.Rule(
            scope,
            f"OnApproval{index}",
            description="a data set was approved",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [data.bucket.bucket_name]},
                    "object": {"key": [{"wildcard": f"{data.INCOMING}*/{APPROVAL}"}]},
                },
            ),
            targets=[targets.SfnStateMachine(request, role=role)],
        )
        # An event that the role may not yet act on is lost, so its policy comes first.
        rule.node.add_dependency(role)
        return
    manifest = {"manifest": f"{data.INCOMING}{start.data_set}/{APPROVAL}"}
    rule = events.Rule(
        scope,
        f"OnSchedule{index}",
        description="tunes again with what is approved",
        schedule=start.schedule,
        targets=[targets.SfnStateMachine(tune, role=role, input=events.RuleTargetInput.from_object(manifest))],
    )
    rule.node.add_dependency(role)
