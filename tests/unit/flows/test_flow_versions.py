"""Versions and aliases of flows: what moves them, and what leaves them alone."""

from __future__ import annotations

import pytest
from flow_builders import FILE, answering, flow, guardrail, the

from genai_layers import testing
from genai_layers.platform import BlockedMessages

pytestmark = pytest.mark.synth


def described(text=FILE, words="Answer {{question}}.", **props):
    """Return the description of a flow's version, whose change makes another version."""
    stack = testing.stack()
    flow(stack, text, {"answer": answering(stack, text=words)}, **props)
    return the(testing.template(stack), "AWS::Bedrock::FlowVersion")[1]["Properties"]["Description"]


def test_case_47_a_version_moves_with_the_flow_and_what_it_refers_to():
    """The words of a prompt stand in another resource, and count."""
    parts = FILE.replace('type = "Input"', 'type = "Input"\noutput = "Object"').replace(
        'use = "answer"', 'use = "answer"\nexpressions = { question = "$.data.question" }'
    )

    assert len({described(), described(parts), described(words="Explain {{question}}.")}) == 3


def test_case_47_a_version_stays_when_nothing_that_runs_moves():
    """The same flow, and one that says of itself what it is for."""
    assert described() == described(description="Answers")


def test_a_guardrail_that_moves_moves_the_flow():
    """A reference to its version reads the same in a template."""

    def content(message):
        stack = testing.stack()
        guardrail(stack, messages=BlockedMessages(input=message, output="no"))
        return flow(stack).content

    assert content("one") != content("two")


def test_a_version_that_was_replaced_stays_to_go_back_to():
    """And a gated alias is on it until its job moves it."""
    stack = testing.stack()
    flow(stack)

    _, version = the(testing.template(stack), "AWS::Bedrock::FlowVersion")

    assert (version["UpdateReplacePolicy"], version["DeletionPolicy"]) == ("Retain", "Delete")


def test_a_gated_alias_says_the_same_whatever_the_flow_says():
    """Only so does CloudFormation leave it where a job has put it."""

    def alias(words):
        stack = testing.stack()
        flow(stack, parts={"answer": answering(stack, text=words)}).add_gated_alias("Live")
        return the(testing.template(stack), "AWS::Bedrock::FlowAlias")[1]["Properties"]

    assert alias("Answer {{question}}.") == alias("Explain {{question}}.")
