"""What starts a fine-tuning: an approval, a clock, or somebody by hand; never a template that changed."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.jobs.fine_tuning.training_data import APPROVAL, TrainingDataBucket
from genai_layers.jobs.start_once import start_once


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


def start_on(
    scope: Construct,
    start: Start,
    index: int,
    *,
    data: TrainingDataBucket,
    tune: sfn.IStateMachine,
    request: sfn.IStateMachine,
) -> None:
    """
    Make the rule of one start.

    Args:
        scope: The construct that it belongs to.
        start: Why.
        index: Its place in the list, from 1.
        data: Where approvals come.
        tune: What tunes.
        request: What asks for a tuning, once for an approval.
    """
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
