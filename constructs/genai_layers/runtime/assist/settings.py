"""What every application reads from its environment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

from ..shared.env import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """
    A model that may be asked.

    Attributes:
        id: Model or inference profile.
        name: What people call it.
        input_usd_per_million: None where no price is known.
        output_usd_per_million: None where no price is known.
        max_output: Longest answer, in tokens.
    """

    id: str
    name: str
    max_output: int
    input_usd_per_million: Decimal | None = None
    output_usd_per_million: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistSettings:
    """
    Settings of one application.

    Attributes:
        models: Models that may be asked, at least one.
        guardrail_id: Guardrail around them.
        guardrail_version: Its version.
        table_name: Where tokens of the day and kept answers lie.
        allowed_clients: App clients whose tokens are taken.
        allowed_groups: Groups whose users are served; empty serves every user.
        allowed_origins: Origins whose pages may read the answers.
        tenant_group_prefix: Groups so named put a user into a tenant; None where there are no tenants.
        user_tokens_per_day: None sets no limit.
        tenant_tokens_per_day: None sets no limit.
        link_hosts: Hosts that an answer may link to.
    """

    models: tuple[ModelChoice, ...]
    guardrail_id: str
    guardrail_version: str
    table_name: str
    allowed_clients: tuple[str, ...]
    allowed_groups: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    tenant_group_prefix: str | None = None
    user_tokens_per_day: int | None = None
    tenant_tokens_per_day: int | None = None
    link_hosts: tuple[str, ...] = ()

    def model(self, id: str) -> ModelChoice | None:
        """Return the model with this id, if it may be asked."""
        return next((one for one in self.models if one.id == id), None)


def read(environment: Environment) -> AssistSettings:
    """
    Return the settings in *environment*.

    Raises:
        MissingSettingError: Names every setting that is missing or wrong.
    """
    models = environment.text("MODELS")
    settings = AssistSettings(
        models=tuple(_choice(one) for one in json.loads(models)) if models else (),
        guardrail_id=environment.text("GUARDRAIL_ID"),
        guardrail_version=environment.text("GUARDRAIL_VERSION"),
        table_name=environment.text("TABLE_NAME"),
        allowed_clients=tuple(environment.text("ALLOWED_CLIENTS").split()),
        allowed_groups=environment.words("ALLOWED_GROUPS"),
        allowed_origins=environment.words("ALLOWED_ORIGINS"),
        tenant_group_prefix=environment.optional("TENANT_GROUP_PREFIX"),
        user_tokens_per_day=environment.optional_whole("USER_TOKENS_PER_DAY", minimum=1),
        tenant_tokens_per_day=environment.optional_whole("TENANT_TOKENS_PER_DAY", minimum=1),
        link_hosts=environment.words("LINK_HOSTS"),
    )
    environment.check()
    return settings


def _choice(value: dict[str, str]) -> ModelChoice:
    """Return the model that the construct wrote: id, name, longest answer, and prices where they are known."""
    prices = {
        name: Decimal(value[name]) for name in ("input_usd_per_million", "output_usd_per_million") if value.get(name)
    }
    return ModelChoice(id=value["id"], name=value["name"], max_output=int(value["max_output"]), **prices)
