"""The playground of an environment that asks for one."""

from __future__ import annotations

import re

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application import Api, Playground, TokenBudget, UserDirectory
from genai_layers.platform import IModel, model_of
from genai_layers.settings import Settings
from stacks.network_stack import NetworkStack
from stacks.platform_stack import PlatformStack
from stacks.security_stack import SecurityStack


def playground_of(
    scope: Construct,
    *,
    settings: Settings,
    security: SecurityStack,
    network: NetworkStack,
    platform: PlatformStack,
    directory: UserDirectory,
    api: Api,
    log_retention: logs.RetentionDays,
    removal_policy: RemovalPolicy,
) -> Playground | None:
    """
    Define the playground, or return None where the environment has none.

    Args:
        scope: Stack of the application.
        settings: Settings of the environment.
        security: Keys.
        network: Where it stands.
        platform: The model that answers, and the guardrail.
        directory: Who may sign in.
        api: The door.
        log_retention: How long logs are kept.
        removal_policy: What happens to what is kept when the stack goes.
    """
    wanted = settings.application.playground
    if not wanted.enabled:
        return None
    models = [platform.model, *(model_of(scope, one) for one in wanted.models)]
    return Playground(
        scope,
        "Playground",
        models=_named(models),
        vpc=network.network.vpc,
        subnets=network.network.isolated,
        key=security.data_key.key,
        log_key=security.log_key.key,
        guardrail=platform.guardrail,
        api=api,
        allowed_groups=[]
        if wanted.group is None
        else [directory.add_group(wanted.group, description="people who may try prompts on models")],
        budget=TokenBudget(per_user=settings.application.daily_tokens_per_user),
        max_output_tokens=settings.application.max_output_tokens,
        log_retention=log_retention,
        removal_policy=removal_policy,
    )


def _named(models: list[IModel]) -> dict[str, IModel]:
    """Return *models* by what people call them: `Nova Lite` for `amazon.nova-lite-v1:0`."""
    named: dict[str, IModel] = {}
    for model in models:
        words = re.sub(r"-v\d+(:\d+)?$", "", model.model_id.rpartition(".")[2]).replace("-", " ").title()[:40]
        named[model.model_id[:40] if words in named else words] = model
    return named
