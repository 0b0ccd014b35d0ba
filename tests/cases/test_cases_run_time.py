"""Run time: what is refused for its rate is told, and nobody waits for somebody who has given up."""

from __future__ import annotations

import pytest
from case_templates import references, resources_of, templates_of

from genai_layers import testing
from tests.synthesized import ENVIRONMENTS

pytestmark = pytest.mark.synth


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_case_73_whatever_can_be_throttled_has_an_alarm(environment: str) -> None:
    """A quota that is used up looks like a slow day until somebody reads the metric."""
    watched = {
        (alarm["Properties"]["Namespace"], alarm["Properties"]["MetricName"])
        for _, _, alarm in resources_of(environment, "AWS::CloudWatch::Alarm")
        if "Namespace" in alarm["Properties"]
    }

    assert {
        ("AWS/Bedrock", "InvocationThrottles"),
        ("AWS/DynamoDB", "ReadThrottleEvents"),
        ("AWS/DynamoDB", "WriteThrottleEvents"),
        ("AWS/Lambda", "Throttles"),
    } <= watched


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_case_74_a_function_gives_up_before_the_api_does(environment: str) -> None:
    """Otherwise the caller is told of a timeout while the model goes on, and is charged for."""
    template = templates_of(environment)[f"GenAi-{environment}-Application"]
    functions = testing.resources(template, "AWS::Lambda::Function")
    methods = testing.resources(template, "AWS::ApiGateway::Method")
    integrations = {name: one["Properties"]["Integration"] for name, one in methods.items()}

    late = [
        logical_id
        for logical_id, one in integrations.items()
        for function in references(one.get("Uri", ""))
        if functions[function]["Properties"]["Timeout"] * 1000 >= one["TimeoutInMillis"]
    ]

    assert integrations
    assert late == []
