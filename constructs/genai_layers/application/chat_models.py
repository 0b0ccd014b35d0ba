"""The models of a chat, as it is asked for with them: one, or several with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Protocol, runtime_checkable

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.inference.interfaces import IModelEndpoint
from genai_layers.platform.interfaces import IModel

EVERYONE = "*"
"""In `allowed_models`: every user of the chat."""


class ModelChoice(Enum):
    """
    Which of several models a question goes to first; the next is asked where it fails.

    The value is what the function reads.
    """

    CHEAPEST = "cheapest"
    FASTEST = "fastest"
    IN_ORDER = "in_order"


@runtime_checkable
class IAskedEndpoint(Protocol):
    """An endpoint of Amazon SageMaker, or a model on one, whose container speaks the chat completions protocol."""

    @property
    def endpoint_name(self) -> str:
        """What a request names."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* ask it."""
        ...


@runtime_checkable
class IAskedFleet(IModelEndpoint, Protocol):
    """A fleet of ours, with the secret that a caller reads."""

    @property
    def api_key(self) -> secretsmanager.ISecret:
        """The API key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """
    What tokens of a model cost that the catalog does not know.

    Attributes:
        input_usd_per_million: USD for a million tokens read, such as `"0.10"`.
        output_usd_per_million: USD for a million tokens written.
    """

    input_usd_per_million: Decimal | str
    output_usd_per_million: Decimal | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """
    A model on machines of yours and what its tokens cost, since its machines are paid by the hour.

    Attributes:
        model: The model.
        price: Price of its tokens, by which answers are told and the cheapest is found.
    """

    model: IAskedEndpoint | IAskedFleet
    price: TokenPrice


AnyModel = IModel | IAskedEndpoint | IAskedFleet | Priced
"""What can be named in a chat."""

AllowedModels = Mapping[cognito.IUserPoolGroup | str, Sequence[str]]
"""Groups, or `EVERYONE`, and the names of the models that they may use."""


def of(model: AnyModel) -> IModel | IAskedEndpoint | IAskedFleet:
    """Return the model itself."""
    return model.model if isinstance(model, Priced) else model


def price_of(model: AnyModel) -> TokenPrice | None:
    """Return the price of a model's tokens; None where nobody knows one."""
    if isinstance(model, Priced):
        return model.price
    if not isinstance(model, IModel) or model.price is None:
        return None
    known = model.price
    if known.input_usd_per_million is None or known.output_usd_per_million is None:
        return None
    return TokenPrice(
        input_usd_per_million=known.input_usd_per_million, output_usd_per_million=known.output_usd_per_million
    )
