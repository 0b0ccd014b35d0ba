"""The models of a deployment that has several: where each is, what its tokens cost, which is asked first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

AUTO = "auto"
"""What a request names to leave the choice to us."""

EVERYONE = "*"
"""In the list of who may use what: every user."""


class Kind(Enum):
    """Where a model runs."""

    BEDROCK = "bedrock"
    SAGEMAKER = "sagemaker"
    FLEET = "fleet"


class Choice(Enum):
    """Which model is asked first."""

    CHEAPEST = "cheapest"
    FASTEST = "fastest"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """
    A model that a request can name.

    Attributes:
        name: Its name here.
        kind: Where it runs.
        target: Model or inference profile, endpoint, or address without a closing slash.
        served_name: What the engine of a fleet calls it.
        component: Inference component of the endpoint; None where it has none.
        secret: Secret with the API key of a fleet.
        input_usd_per_million: None where no price is known.
        output_usd_per_million: None where no price is known.
    """

    name: str
    kind: Kind
    target: str
    served_name: str | None = None
    component: str | None = None
    secret: str | None = None
    input_usd_per_million: Decimal | None = None
    output_usd_per_million: Decimal | None = None


def read(text: str | None) -> tuple[NamedModel, ...]:
    """
    Return the models in *text*, in the order of the deployment.

    Args:
        text: A JSON list; None where there is none.

    Raises:
        ValueError: It is not what the construct writes.

    Example:
        >>> read('[{"name": "fast", "kind": "bedrock", "target": "amazon.nova-lite-v1:0", "in": "0.06"}]')[0].name
        'fast'
    """
    return () if text is None else tuple(_model(one) for one in json.loads(text))


def read_allowed(text: str | None) -> Mapping[str, tuple[str, ...]] | None:
    """
    Return which groups may use which models; None where every user may use all.

    Args:
        text: A JSON list of groups, each with its list of names; None where there is none.

    Raises:
        ValueError: It is not what the construct writes.
    """
    if text is None:
        return None
    return {str(group): tuple(str(name) for name in names) for group, names in json.loads(text)}


def _model(one: Mapping[str, Any]) -> NamedModel:
    try:
        made = NamedModel(
            name=one["name"],
            kind=Kind(one["kind"]),
            target=one["target"],
            served_name=one.get("served"),
            component=one.get("component"),
            secret=one.get("secret"),
            input_usd_per_million=_price(one.get("in")),
            output_usd_per_million=_price(one.get("out")),
        )
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ValueError(f"a model is not complete: {type(error).__name__}") from error
    if made.kind is Kind.FLEET and not (made.secret and made.served_name and made.target.startswith("https://")):
        raise ValueError(f"model {made.name!r} needs an address with https, a secret and the name that it is served by")
    return made


def _price(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
