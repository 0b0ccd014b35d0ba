"""What every stack of an environment has in common."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from aws_cdk import CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.settings import Settings

ENVIRONMENT_TAG = "genai-layers:environment"
"""Tag of everything that an environment owns; people's roles act only on what carries theirs."""


class EnvironmentStack(Stack):
    """
    A stack of one environment: its region, its account, and what becomes of data when it is destroyed.

    Args:
        scope: The app, or a stage of it.
        id: Role of the stack, `Network`; the stack is named `GenAi-<environment>-<id>`.
        settings: The environment.
        description: What the stack holds, as the CloudFormation console shows it.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Settings, description: str) -> None:
        super().__init__(
            scope,
            f"GenAi-{settings.environment}-{id}",
            description=description,
            env=Environment(account=settings.account, region=settings.region),
            # A stack that keeps its data is one that nobody should delete by a slip either.
            termination_protection=settings.removal == "retain",
            tags={ENVIRONMENT_TAG: settings.environment, "genai-layers:stack": id.lower()},
        )
        # References between stacks are read at deploy time and do not show in a template. When a setting or a new
        # version replaces what another stack reads, this output makes CloudFormation look again (decision 0030).
        CfnOutput(self, "Revision", value=_revision(settings))
        self.removal_policy = RemovalPolicy.RETAIN if settings.removal == "retain" else RemovalPolicy.DESTROY
        self.log_retention = RETENTION[settings.security.log_retention_days]


def _revision(settings: Settings) -> str:
    """Changes with every setting and with the version of the library, and with nothing else."""
    told = f"{version('cdk-genai-layers')}\n{settings.model_dump_json()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


RETENTION: dict[int, logs.RetentionDays] = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    2192: logs.RetentionDays.SIX_YEARS,
    2557: logs.RetentionDays.SEVEN_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}
"""Days, as settings give them, to the CDK's own enumeration."""
