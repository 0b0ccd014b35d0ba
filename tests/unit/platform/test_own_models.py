"""Profiles and routers of our own: what a request is authorized against."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from model_builders import attribute, foundation, granted, over_profile, router

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    AccountModel,
    ApplicationInferenceProfile,
    FoundationModel,
    Guardrail,
    ModelError,
    PromptRouter,
)

pytestmark = pytest.mark.synth

LITE = "amazon.nova-lite-v1:0"
PRO = "amazon.nova-pro-v1:0"
INVOKE = "bedrock:InvokeModel"
BEDROCK = "arn:aws:bedrock:us-east-1:111122223333:"
ENDPOINT = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/mistral"
OURS = f"{BEDROCK}application-inference-profile/abcdefghijkl"
ROUTER = f"{BEDROCK}prompt-router/abcdefghijkl"
GUARDRAIL = f"{BEDROCK}guardrail/abc"


def test_a_profile_of_ours_is_granted_with_the_models_behind_it_and_not_the_profile_it_was_copied_from(may):
    """The models run only through our profile; the system-defined one stays closed, or cost could go untagged."""
    template = granted(over_profile)
    known = {attribute(template, "AWS::Bedrock::ApplicationInferenceProfile", "InferenceProfileArn"): OURS}
    through = {"bedrock:InferenceProfileArn": OURS}
    system = f"{BEDROCK}inference-profile/us.{LITE}"

    answers = may(
        template,
        "Caller",
        (INVOKE, OURS, {}),
        (INVOKE, foundation(LITE, "us-west-2"), through),
        (INVOKE, foundation(LITE), through),
        (INVOKE, foundation(LITE), {}),
        (INVOKE, foundation(LITE), {"bedrock:InferenceProfileArn": system}),
        (INVOKE, system, {}),
        known=known,
    )

    assert answers == [True, True, True, False, False, False]


def test_a_profile_of_ours_over_a_model_of_one_region_stays_in_it(may):
    """Copied from a model, it may go to no other region."""
    template = granted(
        lambda stack: ApplicationInferenceProfile(
            stack, "Ours", source=FoundationModel.of(stack, LITE), cost_tags={"team": "support"}
        )
    )
    known = {attribute(template, "AWS::Bedrock::ApplicationInferenceProfile", "InferenceProfileArn"): OURS}
    through = {"bedrock:InferenceProfileArn": OURS}

    answers = may(
        template,
        "Caller",
        (INVOKE, foundation(LITE), through),
        (INVOKE, foundation(LITE, "us-west-2"), through),
        known=known,
    )

    assert answers == [True, False]


def test_the_name_of_a_profile_moves_with_its_source_and_not_with_its_tags():
    """Tags are updated in place; another source replaces the profile."""

    def name(model: str, **tags: str) -> str:
        stack = testing.stack()
        ApplicationInferenceProfile(stack, "Ours", source=FoundationModel.of(stack, model), cost_tags=tags)
        (made,) = testing.resources(testing.template(stack), "AWS::Bedrock::ApplicationInferenceProfile").values()
        return made["Properties"]["InferenceProfileName"]

    assert name(LITE, team="a") == name(LITE, team="b")
    assert name(LITE, team="a") != name(PRO, team="a")


def test_a_profile_without_tags_is_refused():
    """It would tell nothing apart on the bill."""
    stack = testing.stack()

    with pytest.raises(ModelError, match="cost_tags is empty"):
        ApplicationInferenceProfile(stack, "Ours", source=FoundationModel.of(stack, LITE), cost_tags={})


def test_a_router_is_granted_with_both_models(may):
    """A request to the router is authorized against the router and whichever model answers."""
    template = granted(router)
    known = {attribute(template, "AWS::Bedrock::IntelligentPromptRouter", "PromptRouterArn"): ROUTER}

    answers = may(
        template,
        "Caller",
        (INVOKE, ROUTER, {}),
        (INVOKE, foundation(LITE), {}),
        (INVOKE, foundation(PRO), {}),
        (INVOKE, foundation("amazon.nova-micro-v1:0"), {}),
        known=known,
    )

    assert answers == [True, True, True, False]


def test_a_router_that_cannot_route_is_refused_with_all_its_faults():
    """One model, a stranger as the fallback and an odd difference are one message."""
    stack = testing.stack()
    lite = FoundationModel.of(stack, LITE)
    claude = FoundationModel.of(stack, "anthropic.claude-haiku-4-5-20251001-v1:0")

    with pytest.raises(ModelError) as error:
        PromptRouter(stack, "One", models=[lite], fallback=claude, quality_difference_percent=7)
    assert len(error.value.faults) == 3
    with pytest.raises(ModelError, match="models are of amazon, anthropic: a router chooses between models of one"):
        PromptRouter(stack, "Two", models=[lite, claude], fallback=lite)


def test_a_region_without_routers_is_refused():
    """The message names the type and where it is."""
    with pytest.raises(RegionError, match="lacks AWS::Bedrock::IntelligentPromptRouter"):
        router(testing.stack(region="us-gov-west-1"))


def test_constructs_of_models_are_clean_under_every_pack():
    """A profile and a router bring no finding, and neither does a guarded grant to use them."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    caller = WorkloadRole(
        stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="asks models"
    )
    guardrail = Guardrail.from_guardrail_arn(GUARDRAIL, version="1")
    over_profile(stack).grant_invoke(caller, guardrail=guardrail)
    router(stack).grant_invoke(caller, guardrail=guardrail)
    AccountModel.marketplace_endpoint(stack, ENDPOINT).grant_invoke(caller, guardrail=guardrail)

    testing.template(stack)
