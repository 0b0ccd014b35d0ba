"""Saved queries: what users and tenants cost, from the log and never from a dimension of a metric."""

from __future__ import annotations

import re

import pytest
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.operations import AnswerQueries, application_watches
from genai_layers.operations.answer_queries import QUERIES
from genai_layers.runtime.chat import metrics
from genai_layers.runtime.shared import log
from genai_layers.testing import resources
from tests.runtime.fakes import Chat

pytestmark = pytest.mark.synth

VERBS = {"fields", "filter", "limit", "sort", "stats"}
FUNCTIONS = {"avg", "bin", "count", "count_distinct", "ispresent", "pct", "sum"}
WORDS = {"and", "as", "by", "desc"}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_what_is_logged(name: str) -> None:
    """Every field is one that a log line may hold, or was named by the query itself."""
    text = "\n".join(QUERIES[name])
    named = set(re.findall(r"as (\w+)", text))

    words = set(re.findall(r"(?<![\w@.\"])[a-z_]+\b", re.sub(r'"[^"]*"', "", text)))

    assert {command.split()[0] for command in QUERIES[name]} <= VERBS
    assert words - VERBS - FUNCTIONS - WORDS - named - {"event"} <= log.FIELDS


def test_what_a_query_needs_is_in_the_line_of_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """An answer is logged with its user, tokens and price: the lines that are summed."""
    Chat(input_usd_per_million=1, output_usd_per_million=1).ask("How much leave?")

    (line,) = [line for line in capsys.readouterr().out.splitlines() if '"request_answered"' in line]
    for field in ("user", "usd", "input_tokens", "output_tokens", "duration_ms", "status", "interventions"):
        assert f'"{field}"' in line


def test_queries_lie_in_a_folder_of_their_stack_and_read_one_log() -> None:
    """Two stacks in an account do not take each other's names."""
    stack = testing.stack()
    group = logs.LogGroup.from_log_group_name(stack, "Log", "/chat")
    AnswerQueries(stack, "Queries", log_group=group)

    made = [each["Properties"] for each in resources(testing.template(stack), "AWS::Logs::QueryDefinition").values()]

    assert len(made) == len(QUERIES)
    for one in made:
        folder, name = one["Name"]["Fn::Join"][1]
        assert (folder, one["LogGroupNames"]) == ({"Ref": "AWS::StackName"}, ["/chat"])
        assert one["QueryString"] == "\n| ".join(QUERIES[name.removeprefix("/")])


def test_no_metric_has_a_person_for_a_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    """It would be a metric for each, paid by the month and shown to everyone who sees the dashboard."""
    Chat().ask("How much leave?", user="ada-lovelace")

    counted = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert counted
    assert all('"Dimensions":[["FunctionName"]]' in line and "ada-lovelace" not in line for line in counted)
    assert metrics.NAMESPACE == "GenAiLayers/Chat"


def test_the_dashboard_draws_tokens_first_words_cost_and_interventions() -> None:
    """What a person who answers for the chat looks at, in one row."""
    drawn = {graph.title: set(graph.metrics) for graph in application_watches.CHAT.graphs}

    assert drawn["Tokens"] == {"read", "written"}
    assert drawn["Time to first words"] == {"p50", "p95"}
    assert "stopped or masked" in drawn["Answers"]
    assert "Cost of answers" in drawn
