"""What every application beside the chat is asked for with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from genai_layers.application.api import Api
from genai_layers.application.chat_values import TENANT_GROUP_PREFIX, TokenBudget
from genai_layers.platform.interfaces import IGuardrail, IModel

MAX_MODELS = 10
"""Models of one application; all settings of a function together have 4 KB (Lambda quotas)."""

LONGEST = 4_096
"""Longest answer that is offered where the catalog knows no limit of the model."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:()-]{0,39}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class AssistantOptions(TypedDict):
    """
    What every application beside the chat is asked for with.

    Attributes:
        vpc: Network with an endpoint for Bedrock and a gateway endpoint for DynamoDB.
        subnets: Subnets of *vpc*. Default: the isolated ones.
        key: Key for what is kept; it needs `REQUIRED_KEY_USES`.
        log_key: Key for logs and settings; it needs `REQUIRED_LOG_KEY_USES`.
        guardrail: Judges what comes in and what goes out.
        api: Gets the routes.
        allowed_groups: Groups whose users are served. Default: every signed-in user is.
        budget: Tokens of a day, apart from those of the chat. Default: 200,000 a user.
        has_tenants: Whether a user must be in exactly one tenant. Default: no.
        max_output_tokens: Longest answer. Default: 1,024.
        link_hosts: Hosts that an answer may link to. Default: none, links are taken out.
        reserved_concurrency: Most requests answered at a time. Default: what the account has left.
        log_retention: How long logs are kept. Default: one year.
        removal_policy: What happens to counts, kept answers and logs when the stack goes. Default: they are kept.
    """

    vpc: ec2.IVpc
    subnets: NotRequired[ec2.SubnetSelection | None]
    key: kms.IKey
    log_key: kms.IKey
    guardrail: IGuardrail
    api: Api
    allowed_groups: NotRequired[Sequence[cognito.IUserPoolGroup]]
    budget: NotRequired[TokenBudget | None]
    has_tenants: NotRequired[bool]
    max_output_tokens: NotRequired[int]
    link_hosts: NotRequired[Sequence[str]]
    reserved_concurrency: NotRequired[int | None]
    log_retention: NotRequired[logs.RetentionDays]
    removal_policy: NotRequired[RemovalPolicy]


def faults_of(models: Mapping[str, IModel], options: AssistantOptions) -> list[str]:
    """
    Return what is wrong with *options*.

    Args:
        models: Models by what people call them.
        options: What is asked for.
    """
    budget, most = budget_of(options), options.get("max_output_tokens", 1024)
    faults = budget.faults()
    if not 1 <= len(models) <= MAX_MODELS:
        faults.append(f"models has {len(models)}: give 1 to {MAX_MODELS}")
    if len({model.model_id for model in models.values()}) < len(models):
        faults.append("models names one twice: give each one name")
    faults += [
        f"models holds {name!r}: give a name of at most 40 letters, digits, spaces and ._:()-"
        for name in models
        if not _NAME.fullmatch(name)
    ]
    if most < 1:
        faults.append(f"max_output_tokens is {most}: give at least 1")
    if budget.per_user is not None and most >= budget.per_user:
        faults.append(
            f"budget.per_user {budget.per_user} leaves no room for one answer of max_output_tokens {most}: "
            "raise it or shorten the answer"
        )
    if budget.per_tenant is not None and not options.get("has_tenants", False):
        faults.append("budget.per_tenant is given but has_tenants is not: give both or neither")
    faults += [
        f"link_hosts holds {host!r}: give the name of a host in lower case, as in 'docs.example.com'"
        for host in options.get("link_hosts", ())
        if not _HOST.fullmatch(host)
    ]
    return faults


def budget_of(options: AssistantOptions) -> TokenBudget:
    """Return the budget asked for."""
    return options.get("budget") or TokenBudget()


def environment(models: Mapping[str, IModel], options: AssistantOptions, table_name: str) -> dict[str, str]:
    """
    Return the environment of the function: plain settings, no secret among them.

    Args:
        models: Models by what people call them.
        options: What is asked for.
        table_name: Where tokens of the day lie.
    """
    budget, api, guardrail = budget_of(options), options["api"], options["guardrail"]
    settings = {
        "MODELS": json.dumps(
            [_choice(name, model, options.get("max_output_tokens", 1024)) for name, model in models.items()],
            separators=(",", ":"),
        ),
        "GUARDRAIL_ID": guardrail.guardrail_id,
        "GUARDRAIL_VERSION": guardrail.version,
        # The function does not read it: it makes this stack follow the guardrail of another one.
        "GUARDRAIL_REVISION": guardrail.revision,
        "TABLE_NAME": table_name,
        "ALLOWED_CLIENTS": " ".join(api.client_ids),
        "ALLOWED_ORIGINS": " ".join(api.allowed_origins),
        "ALLOWED_GROUPS": " ".join(group.group_name for group in options.get("allowed_groups", ())),
        "TENANT_GROUP_PREFIX": TENANT_GROUP_PREFIX if options.get("has_tenants", False) else "",
        "USER_TOKENS_PER_DAY": "" if budget.per_user is None else str(budget.per_user),
        "TENANT_TOKENS_PER_DAY": "" if budget.per_tenant is None else str(budget.per_tenant),
        "LINK_HOSTS": " ".join(options.get("link_hosts", ())),
    }
    return {name: value for name, value in settings.items() if value}


def _choice(name: str, model: IModel, most: int) -> dict[str, str]:
    price = model.price
    limit = LONGEST if price is None or price.max_output is None else price.max_output
    read = None if price is None else price.input_usd_per_million
    written = None if price is None else price.output_usd_per_million
    prices = {"input_usd_per_million": read, "output_usd_per_million": written}
    return {
        "id": model.model_id,
        "name": name,
        "max_output": str(min(most, limit)),
        **{what: str(usd) for what, usd in prices.items() if usd is not None},
    }
