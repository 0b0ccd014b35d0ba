"""
The price of a million tokens, for each way to have them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from genai_layers.catalog import prices, throughput
from genai_layers.catalog.bedrock import LIST_REGION, BedrockModel
from genai_layers.catalog.groups import GroupFit
from genai_layers.catalog.layout import Fit
from genai_layers.catalog.tables import Confidence
from genai_layers.catalog.throughput import Throughput
from genai_layers.cost.errors import CostError

MILLION = Decimal(1_000_000)
_SECONDS_PER_HOUR = Decimal(3600)
# A guardrail counts text units of up to 1,000 characters; English takes about four characters a token.
_CHARACTERS_PER_UNIT, _CHARACTERS_PER_TOKEN = Decimal(1000), Decimal(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """
    The shape of a request, by which input and output prices are mixed.

    Attributes:
        input_tokens: Prompt, tokens. Default: 1024.
        output_tokens: Answer, tokens. Default: 256.
    """

    input_tokens: int = 1024
    output_tokens: int = 256

    def __post_init__(self) -> None:
        if self.input_tokens < 0 or self.output_tokens < 0 or self.total == 0:
            raise CostError(
                f"a request of {self.input_tokens} input and {self.output_tokens} output tokens has no price: "
                "give numbers of at least 0, and one above 0"
            )

    @property
    def total(self) -> int:
        """
        Prompt and answer together, tokens.
        """
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """
    The price of a million tokens on one path.

    Attributes:
        path: Which way, in words.
        input_usd: A million input tokens, USD; None where only the mix has a price.
        output_usd: A million output tokens, USD; None where only the mix has a price.
        mixed_usd: A million tokens in the proportions of the mix, USD.
        assumptions: What the numbers rest on, one sentence each.
        source: Where the price was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    path: str
    input_usd: Decimal | None
    output_usd: Decimal | None
    mixed_usd: Decimal
    assumptions: tuple[str, ...]
    source: str
    as_of: str
    confidence: Confidence


def per_million_tokens(
    subject: BedrockModel | Fit | GroupFit, *, region: str, mix: Mix | None = None, served: Throughput | None = None
) -> TokenPrice:
    """
    The price of a million tokens on one path.

    Args:
        subject: A Bedrock model, paid by the token, or a model laid out on a machine or a group, paid by the hour.
        region: Region to price it in.
        mix: Shape of a request. Default: 1024 tokens in, 256 out.
        served: Throughput of the machine or the whole group. Default: the roofline estimate; of no meaning to Bedrock.

    Raises:
        CostError: The path has no price by tokens.
        UnknownPriceError: The machine has no price in *region*.
    """
    shape = mix or Mix()
    if isinstance(subject, BedrockModel):
        return _by_piece(subject, region, shape)
    stages, machines = (subject.stages, subject.machines) if isinstance(subject, GroupFit) else (subject, 1)
    return _by_hour(stages, machines, region, shape, served or estimate(stages, shape))


def estimate(fit: Fit, mix: Mix) -> Throughput:
    """
    Roofline estimate of *fit* under requests of the shape *mix*.
    """
    return throughput.estimate(fit, input_tokens=max(1, mix.input_tokens), output_tokens=max(1, mix.output_tokens))


def _by_piece(subject: BedrockModel, region: str, shape: Mix) -> TokenPrice:
    if subject.input_usd_per_million is None:
        raise CostError(f"Bedrock model {subject.id!r} has no price by input tokens in the catalog: look it up")
    output = subject.output_usd_per_million
    if output is None or subject.mode == "embedding":
        output, shape = None, Mix(input_tokens=shape.total, output_tokens=0)
    assumptions = [f"{shape.input_tokens} input tokens to {shape.output_tokens} output tokens", "nothing cached"]
    if subject.price_region is None and not subject.is_profile and region != LIST_REGION:
        assumptions.append(f"the price of {LIST_REGION}; the catalog has none of {region} itself")
    return TokenPrice(
        path=f"Bedrock {subject.id}, on demand",
        input_usd=subject.input_usd_per_million,
        output_usd=output,
        mixed_usd=_mixed(subject.input_usd_per_million, output or Decimal(0), shape),
        assumptions=tuple(assumptions),
        source=subject.source,
        as_of=subject.as_of,
        confidence=subject.confidence,
    )


def _by_hour(subject: Fit, machines: int, region: str, shape: Mix, load: Throughput) -> TokenPrice:
    several = f"{machines} x " if machines > 1 else ""
    price = prices.get(f"ec2:{subject.instance.name}", region)
    tokens_per_hour = Decimal(str(load.tokens_per_second)) * _SECONDS_PER_HOUR
    return TokenPrice(
        path=f"{subject.model.id} in {subject.precision} on {several}{subject.instance.name}, busy all the time",
        input_usd=None,
        output_usd=None,
        mixed_usd=price.usd * machines / tokens_per_hour * MILLION,
        assumptions=(
            f"{several}{price.usd} USD an hour, on demand",
            f"{shape.input_tokens} input tokens to {shape.output_tokens} output tokens",
            *load.assumptions,
        ),
        source=price.source,
        as_of=price.as_of,
        confidence=price.confidence if load.is_measured else Confidence.INFERRED,
    )


def guardrail_per_million_tokens(lines: Iterable[str], *, region: str) -> TokenPrice:
    """
    What a guardrail adds to a million tokens that pass it.

    Args:
        lines: Price lines of its policies, e.g. ``bedrock:guardrail-content``.
        region: Region to price it in.

    Raises:
        UnknownPriceError: A line has no price in *region*.
        CostError: There are no lines.
    """
    found = [prices.get(line, region) for line in lines]
    if not found:
        raise CostError("a guardrail without priced policies adds nothing: give at least one price line")
    units = MILLION * _CHARACTERS_PER_TOKEN / _CHARACTERS_PER_UNIT
    usd = sum((price.usd for price in found), Decimal(0)) / 1000 * units
    names = ", ".join(price.line.removeprefix("bedrock:guardrail-") for price in found)
    return TokenPrice(
        path=f"guardrail on top ({names})",
        input_usd=usd,
        output_usd=usd,
        mixed_usd=usd,
        assumptions=("four characters a token, full text units of 1,000 characters", "every policy reads every token"),
        source=found[0].source,
        as_of=min(price.as_of for price in found),
        confidence=max((price.confidence for price in found), key=list(Confidence).index),
    )


def _mixed(input_usd: Decimal, output_usd: Decimal, mix: Mix) -> Decimal:
    return (input_usd * mix.input_tokens + output_usd * mix.output_tokens) / mix.total
