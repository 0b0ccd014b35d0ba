"""What all jobs on Bedrock have: a state machine, ways to start it, and metrics to alarm on."""

from collections.abc import Mapping

from aws_cdk import Aws, Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse, RetainedLogGroup, WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.workflow import Workflow

# The Bedrock type that most regions have; a region without it has no Bedrock.
_BEDROCK = "AWS::Bedrock::Guardrail"


class BedrockJob(Construct):
    """
    A job on Bedrock: started by hand, by a schedule or by an event, and never because a template changed.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        key: Key for executions, logs and what the job makes; it needs the uses in `REQUIRED_KEY_USES`.
        log_retention: How long the logs are kept.
        removal_policy: What happens to the logs when the stack goes.

    Raises:
        RegionError: The region has no Bedrock.
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS, *Workflow.REQUIRED_KEY_USES, KeyUse.AGENT)
    """The last is what Bedrock itself needs, whatever it encrypts."""

    _workflow: Workflow
    _start_role: WorkloadRole | None = None

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, _BEDROCK)
        self._key = key
        self._log_retention = log_retention
        self._removal_policy = removal_policy

    @property
    def state_machine(self) -> sfn.StateMachine:
        """State machine that runs the job."""
        return self._workflow.state_machine

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start the job, watch it and read what came of it.

        Args:
            grantee: Who may.
        """
        return self._workflow.grant_start(grantee)

    def start_on_schedule(
        self, id: str, schedule: events.Schedule, input: Mapping[str, object] | None = None
    ) -> events.Rule:
        """
        Start the job again and again.

        Args:
            id: Name within the job.
            schedule: When.
            input: Input of the execution. Default: empty, so that the defaults of the job hold.
        """
        return self._allowed(
            events.Rule(
                self, id, description="starts a job by the clock", schedule=schedule, targets=[self._target(input)]
            )
        )

    def start_on_event(
        self, id: str, pattern: events.EventPattern, input: Mapping[str, object] | None = None
    ) -> events.Rule:
        """
        Start the job for each event that matches.

        Args:
            id: Name within the job.
            pattern: Which events.
            input: Input of the execution, which may hold `events.EventField`s. Default: empty.
        """
        return self._allowed(
            events.Rule(
                self, id, description="starts a job for an event", event_pattern=pattern, targets=[self._target(input)]
            )
        )

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many jobs began."""
        return self.state_machine.metric_started()

    def metric_succeeded(self) -> cloudwatch.Metric:
        """Return how many jobs ended well."""
        return self.state_machine.metric_succeeded()

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many jobs failed, those that ran out of time and were stopped included."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many executions ended while their job may still have run."""
        return self.state_machine.metric_timed_out()

    def metric_duration(self) -> cloudwatch.Metric:
        """Return how long executions took, milliseconds."""
        return self.state_machine.metric_time()

    def _run(self, definition: sfn.IChainable, *, description: str, timeout: Duration) -> None:
        log_group = RetainedLogGroup(
            self, "Logs", key=self._key, retention=self._log_retention, removal_policy=self._removal_policy
        ).log_group
        self._workflow = Workflow(
            self,
            "Run",
            definition=definition,
            description=description,
            key=self._key,
            log_group=log_group,
            timeout=timeout,
        )

    def _accept(self, reason: str, *resources: str) -> None:
        role = self._workflow.role
        acknowledge(role, *(wildcard_resource(role, each) for each in resources), reason=reason)

    def _allowed(self, rule: events.Rule) -> events.Rule:
        # An event that the role may not yet act on is lost, so its policy comes first.
        if self._start_role is not None:
            rule.node.add_dependency(self._start_role)
        return rule

    def _target(self, input: Mapping[str, object] | None) -> targets.SfnStateMachine:
        if self._start_role is None:
            self._start_role = WorkloadRole(
                self,
                "StartRole",
                assumed_by=iam.ServicePrincipal(
                    "events.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
                ),
                description="starts a job for EventBridge",
            )
        return targets.SfnStateMachine(
            self.state_machine,
            role=self._start_role,
            input=events.RuleTargetInput.from_object(dict(input or {})),
        )
