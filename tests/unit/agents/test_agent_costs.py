"""What agents cost while nobody asks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from agent_builders import everything

from genai_layers import testing
from genai_layers.cost import idle_floor

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def report():
    """Return the idle floor of a stack with every part of AgentCore and a Bedrock agent."""
    return idle_floor({"Agents": testing.template(everything())}, "us-east-1")


def test_every_part_of_an_agent_has_a_price_or_is_free(report):
    """Nothing is left for the bill to tell."""
    assert report.unpriced == ()


def test_agents_cost_nothing_idle_but_the_index_of_their_tools(report):
    """Runtimes, browsers and memories are paid by use; a tool that can be searched is paid by the month."""
    idle = {line.what: line.usd_per_month for line in report.lines if "AgentCore" in line.type}

    assert idle == {"1 indexed tools": Decimal("0.0002")}
    assert {use.type for use in report.usage} >= {
        "AWS::BedrockAgentCore::Runtime",
        "AWS::BedrockAgentCore::BrowserCustom",
        "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "AWS::BedrockAgentCore::Gateway",
        "AWS::BedrockAgentCore::Memory",
    }
