"""
Arithmetic on facts: the idle floor, the price of a million tokens, the break-even.
"""

from genai_layers.cost.answers import AnswerPart, AnswerShape, per_answer
from genai_layers.cost.break_even import BreakEven, break_even
from genai_layers.cost.errors import CostError
from genai_layers.cost.fleets import FoundFleet, fleets
from genai_layers.cost.hosting import Host, Premium, hosting_premium, hourly_price
from genai_layers.cost.idle import PRICE_LIST, idle_floor
from genai_layers.cost.paths import Paths, token_paths
from genai_layers.cost.report import Line, Report, Unpriced, Usage
from genai_layers.cost.tokens import Mix, TokenPrice, guardrail_per_million_tokens, per_million_tokens

__all__ = [
    "PRICE_LIST",
    "AnswerPart",
    "AnswerShape",
    "BreakEven",
    "CostError",
    "FoundFleet",
    "Host",
    "Line",
    "Mix",
    "Paths",
    "Premium",
    "Report",
    "TokenPrice",
    "Unpriced",
    "Usage",
    "break_even",
    "fleets",
    "guardrail_per_million_tokens",
    "hosting_premium",
    "hourly_price",
    "idle_floor",
    "per_answer",
    "per_million_tokens",
    "token_paths",
]
