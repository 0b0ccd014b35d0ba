"""The playground may run its models under its guardrail, and keep counts of tokens; nothing else."""

from __future__ import annotations

import pytest

from genai_layers import testing
from genai_layers.application import AssistantError, Playground, TokenBudget
from genai_layers.application.playground import ROUTES
from genai_layers.platform import FoundationModel
from genai_layers.runtime.assist import settings
from genai_layers.runtime.playground import routes
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Outcome, evaluate
from tests.unit.application.assistants import Asker, environment_of, make_stage
from tests.unit.application.conftest import MODEL, Estate, make_estate

pytestmark = pytest.mark.synth

PRO = "amazon.nova-pro-v1:0"


@pytest.fixture(scope="module")
def asker() -> Asker:
    """The template of a playground with two models, and its role."""
    estate = make_estate()
    group = estate.directory.add_group("tinkerers", description="who tries prompts")
    models = {"Nova Lite": estate.model, "Nova Pro": FoundationModel.of(estate.stack, PRO)}
    Playground(
        estate.stack,
        "Playground",
        models=models,
        allowed_groups=[group],
        budget=TokenBudget(per_user=9_000),
        max_output_tokens=800,
        **make_stage(estate),
    )
    return Asker(testing.template(estate.stack), "Playground")


def test_the_function_can_read_its_settings(asker: Asker) -> None:
    """What the construct writes, the function's own reader takes."""
    read = settings.read(Environment(environment_of(asker.template, "PlaygroundFunction")))

    assert [(one.id, one.name, one.max_output) for one in read.models] == [
        (MODEL, "Nova Lite", 800),
        (PRO, "Nova Pro", 800),
    ]
    assert all(one.input_usd_per_million for one in read.models)
    assert (read.user_tokens_per_day, len(read.allowed_groups)) == (9_000, 1)


def test_the_function_answers_the_routes_that_the_api_sends_it() -> None:
    """Both sides name the same routes."""
    assert set(ROUTES) == set(routes.ROUTES)


def test_the_role_can_do_its_work_and_nothing_else(asker: Asker) -> None:
    """Evaluated as IAM would: the two models with the guardrail, one item of one table at a time."""
    named = {"bedrock:GuardrailIdentifier": f"{asker.guardrail}:1"}
    model, pro = (f"arn:aws:bedrock:us-east-1::foundation-model/{one}" for one in (MODEL, PRO))
    allowed = [
        asker.may("bedrock:InvokeModel", model, **named),
        asker.may("bedrock:InvokeModelWithResponseStream", pro, **named),
        *(asker.may(f"dynamodb:{verb}", asker.table) for verb in ("GetItem", "PutItem", "UpdateItem", "DeleteItem")),
    ]
    denied = [
        asker.may("bedrock:InvokeModel", model),
        asker.may("bedrock:InvokeModel", model.replace("lite", "premier"), **named),
        asker.may("dynamodb:Scan", asker.table),
        asker.may("dynamodb:Query", asker.table),
        asker.may("dynamodb:GetItem", asker.table.replace("Ledger", "Conversations")),
        asker.may("bedrock:Retrieve", f"arn:aws:bedrock:us-east-1:{testing.ACCOUNT}:knowledge-base/KB12345678"),
        asker.may("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{testing.ACCOUNT}:function:any"),
    ]

    decisions = evaluate([*allowed, *denied])

    assert [one.request.action for one in decisions[: len(allowed)] if not one.allowed] == []
    assert {one.outcome for one in decisions[len(allowed) :]} == {Outcome.IMPLICITLY_DENIED}


def test_says_all_that_is_wrong_at_once(bad_estate: Estate) -> None:
    """One run tells everything."""
    with pytest.raises(AssistantError) as caught:
        Playground(
            bad_estate.stack,
            "Wrong",
            models={"a/b": bad_estate.model, "again": bad_estate.model},
            budget=TokenBudget(per_user=1, per_tenant=5),
            max_output_tokens=0,
            link_hosts=["https://x.example"],
            **make_stage(bad_estate),
        )

    faults = "; ".join(caught.value.faults)
    for part in (
        "models names one twice",
        "holds 'a/b'",
        "max_output_tokens is 0",
        "per_tenant is given",
        "link_hosts",
    ):
        assert part in faults


def test_refuses_to_have_no_model(bad_estate: Estate) -> None:
    """And more than its settings have room for."""
    with pytest.raises(AssistantError, match="models has 0: give 1 to 10"):
        Playground(bad_estate.stack, "Empty", models={}, **make_stage(bad_estate))


@pytest.fixture(scope="module")
def bad_estate() -> Estate:
    """An estate for playgrounds that are refused."""
    return make_estate()
