"""What one answer of the chat costs, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from genai_layers.catalog import prices
from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.cost.errors import CostError

_CHARACTERS_PER_UNIT = 1_000
_MILLION = Decimal(1_000_000)
# Reserve and settle a budget, and keep exchange and answer in one transaction, which counts twice.
_TABLE_WRITES, _TABLE_READS = 8, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShape:
    """
    A typical question with its answer.

    Attributes:
        question_characters: Length of the question. Default: 200.
        passage_characters: Length of all passages together. Default: 6,000, five of them.
        answer_characters: Length of the answer. Default: 600.
        input_tokens: Tokens read. Default: 1,700.
        output_tokens: Tokens written. Default: 150.
        seconds: How long the function runs. Default: 3.
    """

    question_characters: int = 200
    passage_characters: int = 6_000
    answer_characters: int = 600
    input_tokens: int = 1_700
    output_tokens: int = 150
    seconds: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """
    One part of the price of an answer.

    Attributes:
        what: What is paid.
        usd: Price, in USD.
    """

    what: str
    usd: Decimal


def per_answer(model: BedrockModel, *, region: str, shape: AnswerShape | None = None) -> tuple[AnswerPart, ...]:
    """
    Return what an answer costs, part by part; every policy of the guardrail reads question and answer.

    Args:
        model: The model.
        region: Region to price it in.
        shape: The question and its answer. Default: a typical one.

    Raises:
        UnknownPriceError: A part has no price in *region*.
        CostError: The model has no price for its tokens.
    """
    one = AnswerShape() if shape is None else shape
    if model.input_usd_per_million is None or model.output_usd_per_million is None:
        raise CostError(f"{model.id} has no price for its tokens: its answers have none either")
    tokens = one.input_tokens * model.input_usd_per_million + one.output_tokens * model.output_usd_per_million
    judged = _units(one.question_characters) + _units(one.answer_characters)
    grounded = judged + _units(one.passage_characters)

    def price(line: str) -> Decimal:
        return prices.get(line, region).usd

    policies = price("bedrock:guardrail-content") + price("bedrock:guardrail-pii")
    table = _TABLE_WRITES * price("dynamodb:write") + _TABLE_READS * price("dynamodb:read")
    return (
        AnswerPart(what=f"tokens of {model.id}", usd=tokens / _MILLION),
        AnswerPart(what="guardrail: content and personal data", usd=judged * policies / 1000),
        AnswerPart(what="guardrail: grounding", usd=grounded * price("bedrock:guardrail-grounding") / 1000),
        AnswerPart(what="search", usd=price("s3vectors:query") / _MILLION),
        AnswerPart(
            what="function and API",
            usd=one.seconds * price("lambda:duration")
            + (price("lambda:requests") + price("apigateway:rest-requests")) / _MILLION,
        ),
        AnswerPart(what="table", usd=table / _MILLION),
    )


def _units(characters: int) -> int:
    """Text units of a guardrail, the last of which may be short."""
    return -(-characters // _CHARACTERS_PER_UNIT)
