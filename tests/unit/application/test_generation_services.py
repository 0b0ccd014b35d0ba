"""Content generation and code assistance may run their model under its guardrail, and nothing else."""

from __future__ import annotations

import pytest

from genai_layers import testing
from genai_layers.application import (
    AssistantError,
    CodeAssistance,
    ContentGeneration,
    code_assistance,
    content_generation,
)
from genai_layers.platform.prompts import PromptFile
from genai_layers.runtime.generation import routes, settings
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Outcome, evaluate
from tests.unit.application.assistants import Asker, environment_of, make_stage
from tests.unit.application.conftest import MODEL, make_estate

pytestmark = pytest.mark.synth

LETTER = PromptFile.parse('+++\ndescription = "A letter"\nmax_tokens = 300\n+++\nThank {{name}}.')


@pytest.fixture(scope="module")
def template() -> testing.Template:
    """The template of both."""
    estate = make_estate()
    ContentGeneration(estate.stack, "Content", model=estate.model, templates={"letter": LETTER}, **make_stage(estate))
    CodeAssistance(estate.stack, "Code", model=estate.model, instructions="Type hints.", **make_stage(estate))
    return testing.template(estate.stack)


def test_the_functions_can_read_their_settings(template: testing.Template) -> None:
    """What the constructs write, the functions' own reader takes."""
    content = settings.read(Environment(environment_of(template, "ContentFunction")))
    code = settings.read(Environment(environment_of(template, "CodeFunction")))

    letter = content.templates["letter"]
    assert (letter.text, letter.variables, letter.max_tokens) == ("Thank {{name}}.", ("name",), 300)
    assert (code.templates, code.instructions) == ({}, "Type hints.")


def test_the_functions_answer_the_routes_that_the_api_sends_them() -> None:
    """Both sides name the same routes."""
    assert set(content_generation.ROUTES) == set(routes.CONTENT)
    assert set(code_assistance.ROUTES) == set(routes.CODE)


@pytest.mark.parametrize("id", ["Content", "Code"])
def test_the_roles_can_do_their_work_and_nothing_else(id: str, template: testing.Template) -> None:
    """No documents, no tools, no data."""
    asker = Asker(template, id)
    model = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
    allowed = [asker.may("bedrock:InvokeModel", model, **{"bedrock:GuardrailIdentifier": f"{asker.guardrail}:1"})]
    denied = [
        asker.may("bedrock:InvokeModel", model),
        asker.may("dynamodb:Query", asker.table),
        asker.may("bedrock:Retrieve", f"arn:aws:bedrock:us-east-1:{testing.ACCOUNT}:knowledge-base/KB12345678"),
        asker.may("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{testing.ACCOUNT}:function:any"),
        asker.may("athena:StartQueryExecution", f"arn:aws:athena:us-east-1:{testing.ACCOUNT}:workgroup/any"),
        asker.may("s3:GetObject", "arn:aws:s3:::documents/leave.md"),
    ]

    decisions = evaluate([*allowed, *denied])

    assert [one.allowed for one in decisions] == [True, *[False] * len(denied)]
    assert {one.outcome for one in decisions[1:]} == {Outcome.IMPLICITLY_DENIED}


def test_refuses_what_its_parts_do_not_allow() -> None:
    """Every fault at once."""
    estate = make_estate()
    with pytest.raises(AssistantError, match="templates is empty"):
        ContentGeneration(estate.stack, "Empty", model=estate.model, templates={}, **make_stage(estate))
    with pytest.raises(AssistantError, match="templates holds 'A b'"):
        ContentGeneration(estate.stack, "Named", model=estate.model, templates={"A b": LETTER}, **make_stage(estate))
    with pytest.raises(AssistantError, match="instructions has 2001 characters"):
        CodeAssistance(estate.stack, "Long", model=estate.model, instructions="x" * 2001, **make_stage(estate))
