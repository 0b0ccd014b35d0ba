"""What an answer costs: part by part, and as the page says."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from genai_layers.catalog import bedrock
from genai_layers.cost import AnswerShape, CostError, per_answer

PAGE = (Path(__file__).parents[3] / "docs" / "application.md").read_text(encoding="utf-8")
MODEL = bedrock.get("amazon.nova-lite-v1:0")


def test_the_page_says_what_an_answer_costs() -> None:
    """Each part at the catalog's price, and their sum."""
    parts = per_answer(MODEL, region="us-east-1")

    lines = [f"| {part.what} | {part.usd:.7f} |" for part in parts]
    lines.append(f"| together | {sum(part.usd for part in parts):.7f} |")
    assert [line for line in lines if line not in PAGE] == []


def test_the_parts_are_on_the_page_and_no_others() -> None:
    """A part that went leaves the page."""
    table = PAGE[PAGE.index("| part of an answer |") :].split("\n\n")[0]

    named = re.findall(r"^\| (.*?) \|", table, re.M)[2:]

    assert named == [*(part.what for part in per_answer(MODEL, region="us-east-1")), "together"]


def test_a_longer_answer_costs_more_in_every_part_that_reads_it() -> None:
    """A text unit is a thousand characters, and one that is begun counts."""
    short, long = (
        {part.what: part.usd for part in per_answer(MODEL, region="us-east-1", shape=shape)}
        for shape in (AnswerShape(), AnswerShape(answer_characters=1_001, output_tokens=250))
    )

    dearer = {what for what in short if long[what] > short[what]}
    assert dearer == {f"tokens of {MODEL.id}", "guardrail: content and personal data", "guardrail: grounding"}
    assert long["guardrail: content and personal data"] - short["guardrail: content and personal data"] == Decimal(
        "0.00025"
    )


def test_a_model_without_a_price_has_no_price_for_an_answer() -> None:
    """A guess would be believed."""
    with pytest.raises(CostError, match="has no price for its tokens"):
        per_answer(replace(MODEL, input_usd_per_million=None), region="us-east-1")
