"""Which models a chat asks: what is wrong with the wish, what its function is told, and what it may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from genai_layers.application.chat_models import (
    EVERYONE,
    AllowedModels,
    AnyModel,
    IAskedEndpoint,
    IAskedFleet,
    ModelChoice,
    Priced,
    of,
    price_of,
)
from genai_layers.platform.interfaces import IGuardrail, IModel

MAX_MODELS = 6
"""Most models of a chat; all settings of a function together have 4 KB (Lambda quotas)."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._:-]{0,39}")
_OURS = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRoutes:
    """
    The models of a chat.

    Attributes:
        model: The one model; None where there are named ones.
        named: Models by name, in the order in which they are tried.
        choice: Which is asked first.
        allowed: Groups and what they may use; None lets every user use all.
    """

    model: IModel | None = None
    named: Mapping[str, AnyModel] = field(default_factory=dict)
    choice: ModelChoice = ModelChoice.IN_ORDER
    allowed: AllowedModels | None = None

    def faults(self) -> list[str]:
        """Return what is wrong with them."""
        if (self.model is None) == (not self.named):
            given = "neither model nor models is" if self.model is None else "both model and models are"
            return [f"{given} given: give one model, or several with names"]
        if len(self.named) > MAX_MODELS:
            return [f"models holds {len(self.named)} models: give at most {MAX_MODELS}"]
        faults = [fault for name, model in self.named.items() for fault in _model_faults(name, model)]
        names = set(self.named)
        for group, wanted in (self.allowed or {}).items():
            if unknown := sorted(set(wanted) - names):
                who = group if isinstance(group, str) else group.node.id
                faults.append(
                    f"allowed_models lets {who!r} use {', '.join(map(repr, unknown))}: give names of models, "
                    f"which are {', '.join(map(repr, self.named)) or 'none: give models'}"
                )
        return faults

    @property
    def longest_answer(self) -> tuple[int, str] | None:
        """Most tokens that every model writes, and which one bounds it; None where nobody knows."""
        known = [
            (model.price.max_output, model.model_id)
            for model in self._all()
            if isinstance(model, IModel) and model.price is not None and model.price.max_output is not None
        ]
        return min(known, default=None)

    def settings(self, scope: IConstruct) -> dict[str, str | None]:
        """
        Return what the function is told of them.

        Args:
            scope: Where the function is defined.
        """
        if self.model is not None:
            price = self.model.price
            return {
                "MODEL_ID": self.model.model_id,
                "INPUT_USD_PER_MILLION": None if price is None else _text(price.input_usd_per_million),
                "OUTPUT_USD_PER_MILLION": None if price is None else _text(price.output_usd_per_million),
            }
        stack = Stack.of(scope)
        told = [{"name": name, **_told(model)} for name, model in self.named.items()]
        allowed = None
        if self.allowed is not None:
            # As pairs: the name of a group may be known at the deploy only, which no JSON key can be.
            allowed = stack.to_json_string([[_group(group), list(names)] for group, names in self.allowed.items()])
        return {
            "MODELS": stack.to_json_string(told),
            "MODEL_CHOICE": self.choice.value,
            "ALLOWED_MODELS": allowed,
        }

    def grant(self, grantee: iam.IGrantable, guardrail: IGuardrail) -> None:
        """
        Let *grantee* ask them, each under the guardrail or with the means to judge by it.

        Args:
            grantee: Who may; one that stands in a network is let through to the load balancers of fleets.
            guardrail: Judges.
        """
        for model in self._all():
            if isinstance(model, IModel):
                model.grant_invoke(grantee, guardrail=guardrail)
                continue
            guardrail.grant_apply(grantee)
            model.grant_invoke(grantee)
            connections = getattr(grantee, "connections", None)
            if isinstance(model, IAskedFleet) and isinstance(connections, ec2.Connections):
                connections.allow_to_default_port(model.connections, "questions to the machines of a model")

    def _all(self) -> list[IModel | IAskedEndpoint | IAskedFleet]:
        return [self.model] if self.model is not None else [of(model) for model in self.named.values()]


def _model_faults(name: str, model: AnyModel) -> list[str]:
    faults = []
    if not _NAME.fullmatch(name) or name in (_OURS, EVERYONE):
        faults.append(
            f"models holds the name {name!r}: give 1 to 40 of a-z, 0-9, '.', '_', ':' and '-', and not {_OURS!r}"
        )
    inner = of(model)
    if not isinstance(inner, IModel | IAskedEndpoint | IAskedFleet):
        faults.append(f"model {name!r} is no model, SageMaker endpoint or fleet: give one of those")
    if isinstance(inner, IAskedFleet) and inner.endpoint.url.startswith("http://"):
        faults.append(
            f"model {name!r} is reached without TLS: give its fleet a certificate and a domain name, since questions "
            "and the API key travel there"
        )
    if isinstance(model, Priced):
        for field_name in ("input_usd_per_million", "output_usd_per_million"):
            value = getattr(model.price, field_name)
            if not _is_price(value):
                faults.append(f"model {name!r} has {field_name} {value!r}: give a number of at least 0 as text")
    return faults


def _told(model: AnyModel) -> dict[str, Any]:
    inner, price = of(model), price_of(model)
    costs = (
        {} if price is None else {"in": _text(price.input_usd_per_million), "out": _text(price.output_usd_per_million)}
    )
    if isinstance(inner, IModel):
        return {"kind": "bedrock", "target": inner.model_id, **costs}
    if isinstance(inner, IAskedFleet):
        place = inner.endpoint
        return {
            "kind": "fleet",
            "target": place.url,
            "served": place.model_id,
            "secret": inner.api_key.secret_arn,
            **costs,
        }
    component = getattr(inner, "component_name", None)
    return {
        "kind": "sagemaker",
        "target": inner.endpoint_name,
        **({} if component is None else {"component": component}),
        **costs,
    }


def _group(group: Any) -> str:
    return group if isinstance(group, str) else str(group.group_name)


def _is_price(value: object) -> bool:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0


def _text(value: Decimal | str | None) -> str | None:
    return None if value is None else format(Decimal(value), "f")
