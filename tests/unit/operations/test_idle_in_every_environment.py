"""Every environment looks for what runs unused, and changes nothing unless its file says why."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers import testing
from genai_layers.settings import load
from genai_layers.testing import resources
from stacks.build import build
from tests.synthesized import ENVIRONMENTS, ROOT, synthesize

pytestmark = pytest.mark.synth

SCALES_IN = "sagemaker:UpdateInferenceComponentRuntimeConfig"


def _check(template: dict[str, Any]) -> dict[str, Any]:
    (function,) = [
        each for name, each in resources(template, "AWS::Lambda::Function").items() if name.startswith("Idle")
    ]
    variables: dict[str, Any] = function["Properties"]["Environment"]["Variables"]
    return variables


def _actions(template: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for name, policy in resources(template, "AWS::IAM::Policy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"] if name.startswith("Idle") else ():
            actions = statement["Action"]
            found |= {actions} if isinstance(actions, str) else set(actions)
    return found


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_is_checked_and_the_check_changes_nothing(environment: str) -> None:
    """A dry run: no reason to act in the function, and no permission to."""
    template = synthesize(environment).templates[f"GenAi-{environment}-Operations"]

    variables, actions = _check(template), _actions(template)

    assert (variables["WINDOW_DAYS"], "SCALE_IN_REASON" in variables) == ("14", False)
    assert "sagemaker:ListEndpoints" in actions
    assert SCALES_IN not in actions


def test_an_environment_that_says_why_scales_idle_models_in() -> None:
    """The window and the reason come from the file."""
    reason = "Reports are made at night and their readers can wait"
    given = {"operations.idle_days": "3", "operations.scale_in_idle_reason": reason}
    app = testing.app()

    build(app, load("dev", ROOT / "stacks" / "environments", given))
    template = testing.template(app.node.find_child("GenAi-dev-Operations"))

    assert (_check(template)["WINDOW_DAYS"], _check(template)["SCALE_IN_REASON"]) == ("3", reason)
    assert SCALES_IN in _actions(template)
