"""What happens to a model that somebody approved: it becomes the current one, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.approvals import approvals
from genai_layers.jobs.fine_tuning.deployment_access import allow_deployment
from genai_layers.jobs.fine_tuning.deployment_steps import DeploymentSteps
from genai_layers.jobs.fine_tuning.hand_off_steps import (
    NONE,
    SOURCE,
    promotion_steps,
    restoration_steps,
    rollback_steps,
)
from genai_layers.jobs.workflow import Workflow

_QUICK = Duration.minutes(15)
# A change lasts four hours at most, and can have to wait for another and to go back.
_LONG = Duration.hours(12)


class HandOff(Construct):
    """
    Names the approved model of a group for those who deploy it, and the one before for a bad day.

    An approval writes the model package into `current`, keeps the one before in `previous`, and sends the event `Model
    Promoted`; a deployment reads the parameter or listens to the event. An alarm turns both back, rejects the package
    in the registry, and sends `Model Rolled Back`. A parameter's value is not the template's: a deploy leaves it.

    With a deployment the state machines also put the model where it serves, step by step under the eyes of alarms, and
    `current` is what really serves. The template keeps the endpoint, its machines and what it served first; after a
    change of those the current model is put back.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it forgets which model is current.
        group_name: Model package group.
        key: Key for executions and logs.
        log_group: Where the events of the state machines go.
        alarms: Alarms on the deployed model; any of them takes it back. Default: none.
        deployment: Where models are put, and what their names begin with. Default: somebody else deploys them.

    Attributes:
        current: Parameter with the ARN of the current model package, or `none`.
        previous: Parameter with the ARN of the one before, or `none`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        group_name: str,
        key: kms.IKey,
        log_group: logs.ILogGroup,
        alarms: Sequence[cloudwatch.IAlarm] = (),
        deployment: DeploymentSteps | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._group_name, self._deployment = group_name, deployment
        self.current = self._parameter("Current", "model package that is meant to serve")
        self.previous = self._parameter("Previous", "model package that served before")
        self._promote = self._workflow(
            "Promote", promotion_steps, "makes an approved model the current one", key, log_group
        )
        self._roll_back = self._workflow("RollBack", rollback_steps, "takes a model back", key, log_group)
        self._let_reject(self._roll_back)
        self._on(
            "OnApproval",
            "a model was approved",
            self._promote,
            **approvals(group_name),
        )
        if alarms:
            self._on(
                "OnAlarm",
                "the deployed model misbehaves",
                self._roll_back,
                source=["aws.cloudwatch"],
                detail_type=["CloudWatch Alarm State Change"],
                resources=[alarm.alarm_arn for alarm in alarms],
                detail={"state": {"value": ["ALARM"]}},
            )
        if deployment is not None:
            self._let_reject(self._promote)
            self._restore_with(deployment, key, log_group)

    @property
    def promotion(self) -> sfn.StateMachine:
        """State machine that makes a model the current one."""
        return self._promote.state_machine

    @property
    def rollback(self) -> sfn.StateMachine:
        """State machine that takes the current model back; start it by hand with any input."""
        return self._roll_back.state_machine

    @property
    def restoration(self) -> sfn.StateMachine | None:
        """State machine that puts the current model back after a deploy; None without a deployment."""
        return None if self._deployment is None else self._restore.state_machine

    @property
    def workflows(self) -> dict[str, Workflow]:
        """All of them by name, to be monitored as jobs: one that fails leaves a model that nobody meant to serve."""
        found = {"Promotion": self._promote, "Rollback": self._roll_back}
        return found if self._deployment is None else {**found, "Restoration": self._restore}

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* read which model is current.

        Args:
            grantee: Who deploys it.
        """
        return self.current.grant_read(grantee)

    def _parameter(self, id: str, what: str) -> ssm.StringParameter:
        return ssm.StringParameter(self, id, description=what, string_value=NONE)

    def _workflow(self, id: str, made: Any, description: str, key: kms.IKey, log_group: logs.ILogGroup) -> Workflow:
        names = (self.current.parameter_name, self.previous.parameter_name)
        workflow = Workflow(
            self,
            id,
            definition=made(Construct(self, f"{id}Steps"), *names, self._deployment),
            description=description,
            key=key,
            log_group=log_group,
            timeout=_QUICK if self._deployment is None else _LONG,
        )
        if self._deployment is not None:
            allow_deployment(workflow.role, self._deployment, self._group_name)
        arns = [self.current.parameter_arn, self.previous.parameter_arn]
        workflow.role.add_to_policy(
            iam.PolicyStatement(actions=["ssm:GetParameter", "ssm:PutParameter"], resources=arns)
        )
        bus = Stack.of(self).format_arn(service="events", resource="event-bus", resource_name="default")
        workflow.role.add_to_policy(
            iam.PolicyStatement(
                actions=["events:PutEvents"],
                resources=[bus],
                # One call carries several events, so the key has several values; all of them must be ours.
                conditions={
                    "ForAllValues:StringEquals": {"events:source": SOURCE},
                    "Null": {"events:source": "false"},
                },
            )
        )
        return workflow

    def _let_reject(self, workflow: Workflow) -> None:
        packages = Stack.of(self).format_arn(
            service="sagemaker", resource="model-package", resource_name=f"{self._group_name}/*"
        )
        workflow.role.add_to_policy(iam.PolicyStatement(actions=["sagemaker:UpdateModelPackage"], resources=[packages]))
        acknowledge(
            workflow.role,
            wildcard_resource(workflow.role, packages),
            reason="Versions of a group are numbered as they come; the wildcard ends at this group.",
        )

    def _restore_with(self, deployment: DeploymentSteps, key: kms.IKey, log_group: logs.ILogGroup) -> None:
        def made(scope: Construct, current: str, _: str, steps: DeploymentSteps) -> sfn.IChainable:
            return restoration_steps(scope, current, steps)

        self._restore = self._workflow("Restore", made, "puts the current model back after a deploy", key, log_group)
        self._let_reject(self._restore)
        if deployment.target.component_name is not None:
            # Components send no event of their own.
            self._on("OnClock", "an hour is over", self._restore, schedule=events.Schedule.rate(Duration.hours(1)))
            return
        self._on(
            "OnEndpoint",
            "a change of the template reached the endpoint",
            self._restore,
            source=["aws.sagemaker"],
            detail_type=["SageMaker Endpoint State Change"],
            detail={
                "EndpointName": [deployment.target.endpoint_name],
                # SageMaker developer guide, events: states are told in capitals there.
                "EndpointStatus": ["IN_SERVICE", "InService"],
                "EndpointConfigName": [{"anything-but": {"prefix": deployment.prefix}}],
            },
        )

    def _on(
        self, id: str, description: str, workflow: Workflow, schedule: events.Schedule | None = None, **pattern: Any
    ) -> None:
        role = WorkloadRole(
            self,
            f"{id}Role",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description=f"starts a state machine when {description}",
        )
        rule = events.Rule(
            self,
            id,
            description=description,
            event_pattern=events.EventPattern(**pattern) if pattern else None,
            schedule=schedule,
            targets=[targets.SfnStateMachine(workflow.state_machine, role=role)],
        )
        # An event that the role may not yet act on is lost, so its policy comes first.
        rule.node.add_dependency(role)
