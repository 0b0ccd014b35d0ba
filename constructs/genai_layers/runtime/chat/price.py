"""What an answer costs, in exact decimal arithmetic."""

from __future__ import annotations

from decimal import Decimal

from .model import Usage

_MILLION = Decimal(1_000_000)


def usage(
    input_tokens: int,
    output_tokens: int,
    *,
    input_usd_per_million: Decimal | None,
    output_usd_per_million: Decimal | None,
) -> Usage:
    """
    Return the tokens with their price, in USD; without one where either price is unknown.

    Example:
        >>> usage(1000, 200, input_usd_per_million=Decimal("0.06"), output_usd_per_million=Decimal("0.24")).usd
        Decimal('0.000108')
    """
    usd = None
    if input_usd_per_million is not None and output_usd_per_million is not None:
        usd = (input_tokens * input_usd_per_million + output_tokens * output_usd_per_million) / _MILLION
    return Usage(input_tokens=input_tokens, output_tokens=output_tokens, usd=usd)
