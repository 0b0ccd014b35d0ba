"""Watches the three layers: alarms, one dashboard, a budget."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from genai_layers.operations import AnswerQueries, IdleEndpoints, Monitoring, SpendBudget
from genai_layers.settings import Settings
from stacks.application_stack import ApplicationStack
from stacks.environment_stack import EnvironmentStack
from stacks.inference_stack import InferenceStack
from stacks.platform_stack import PlatformStack
from stacks.security_stack import SecurityStack

LONG_SCAN_MS = 90_000
"""Milliseconds; the look into a document is stopped after two minutes."""

LONG_DURATION_MS = 240_000
"""Milliseconds; chat and erasure are stopped after five minutes, not after what an API waits for a whole answer."""


class OperationsStack(EnvironmentStack):
    """
    Alarms on every part, in a stack that can be changed without touching what it watches.

    Attributes:
        monitoring: The alarms, their topic and the dashboard.
        idle: The check for what SageMaker runs although nobody uses it.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        security: SecurityStack,
        inference: InferenceStack | None,
        platform: PlatformStack,
        application: ApplicationStack,
    ) -> None:
        super().__init__(scope, "Operations", settings=settings, description="Alarms, dashboard, budget")
        self.monitoring = Monitoring(
            self, "Monitoring", key=security.log_key.key, email=settings.operations.alarm_email
        )
        self.monitoring.monitor_api(application.api)
        self.monitoring.monitor_function(application.chat.function, thresholds={"Duration": LONG_DURATION_MS})
        self.monitoring.monitor_chat(application.chat)
        AnswerQueries(self, "Queries", log_group=application.chat.function.log_group)
        self.monitoring.monitor_function(
            application.erasure.function, id="Erasure", thresholds={"Duration": LONG_DURATION_MS}
        )
        self.monitoring.monitor_table(application.chat.table)
        if application.playground is not None:
            playground = application.playground
            self.monitoring.monitor_function(
                playground.function, id="PlaygroundFunction", thresholds={"Duration": LONG_DURATION_MS}
            )
            self.monitoring.monitor_chat(playground, id="Playground")
            self.monitoring.monitor_table(playground.table, id="PlaygroundTable")
        self.monitoring.monitor_model(platform.model)
        self.monitoring.monitor_guardrail(platform.guardrail)
        if platform.invocation_logging is not None:
            self.monitoring.monitor_logging(platform.invocation_logging)
        self.monitoring.monitor_ingestion(platform.ingestion.state_machine)
        if application.evaluation is not None:
            self.monitoring.monitor_evaluation(application.evaluation)
        if application.upload is not None:
            self.monitoring.monitor_function(application.upload.function, id="Upload")
            self.monitoring.monitor_function(
                application.upload.scanner, id="Scanner", thresholds={"Duration": LONG_SCAN_MS}
            )
            self.monitoring.monitor_table(application.upload.table, id="Uploads")
            self.monitoring.monitor_failed_events(application.upload.failed, id="UnscannedUploads")
        if application.api.firewall is not None:
            self.monitoring.monitor_firewall(application.api.firewall)
        if inference is not None:
            self.monitoring.monitor_fleet(inference.fleet)
        self.monitoring.monitor_trail(security.audit)
        security.access.alarm_break_glass(self, "BreakGlassUsed", topic=self.monitoring.topic)
        self.idle = IdleEndpoints(
            self,
            "Idle",
            topic=self.monitoring.topic,
            key=security.log_key.key,
            window=Duration.days(settings.operations.idle_days),
            scale_in_reason=settings.operations.scale_in_idle_reason,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        self.monitoring.monitor_idle_check(self.idle)
        SpendBudget(self, "Budget", monthly_usd=settings.operations.monthly_budget_usd, topic=self.monitoring.topic)
