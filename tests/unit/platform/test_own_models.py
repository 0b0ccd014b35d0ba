"""Models and profiles of our own account: what a request is authorized against, for each kind."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    AccountModel,
    ApplicationInferenceProfile,
    FoundationModel,
    Guardrail,
    IModel,
    InferenceProfile,
    ModelError,
    PromptRouter,
    model_of,
)

pytestmark = pytest.mark.synth

LITE = "amazon.nova-lite-v1:0"
PRO = "amazon.nova-pro-v1:0"
INVOKE = "bedrock:InvokeModel"
BEDROCK = "arn:aws:bedrock:us-east-1:111122223333:"
PROVISIONED = f"{BEDROCK}provisioned-model/abcdefghijkl"
IMPORTED = f"{BEDROCK}imported-model/abcdefghijkl"
DEPLOYED = f"{BEDROCK}custom-model-deployment/abcdefghijkl"
ENDPOINT = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/mistral"
OURS = f"{BEDROCK}application-inference-profile/abcdefghijkl"
ROUTER = f"{BEDROCK}prompt-router/abcdefghijkl"
GUARDRAIL = f"{BEDROCK}guardrail/abc"


def foundation(model_id: str, region: str = "us-east-1") -> str:
    """Return the ARN of a foundation model."""
    return f"arn:aws:bedrock:{region}::foundation-model/{model_id}"


def granted(make, **grant):
    """Return the template of a stack in which one role may run the model that *make* returns."""
    stack = testing.stack()
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    make(stack).grant_invoke(caller, **grant)
    return testing.template(stack)


def attribute(template, type, name):
    """Return the reference to an attribute of the only resource of a type."""
    (logical_id,) = testing.resources(template, type)
    return f"{logical_id}.{name}"


def over_profile(stack):
    """Return a profile of ours over the geographic one of a model."""
    source = InferenceProfile.of(stack, f"us.{LITE}")
    return ApplicationInferenceProfile(stack, "Ours", source=source, cost_tags={"team": "support"})


def router(stack, **props):
    """Return a router over a small and a large model."""
    models = [FoundationModel.of(stack, LITE), FoundationModel.of(stack, PRO)]
    return PromptRouter(stack, "Router", **{"models": models, "fallback": models[1], **props})


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


@pytest.mark.parametrize(
    ("make", "arn"),
    [
        (AccountModel.provisioned, PROVISIONED),
        (AccountModel.imported, IMPORTED),
        (AccountModel.custom_deployment, DEPLOYED),
    ],
    ids=["provisioned", "imported", "custom deployment"],
)
def test_a_model_of_the_account_is_granted_by_its_arn_alone(may, make, arn):
    """No foundation model comes along, and another model of the account stays denied."""
    template = granted(lambda stack: make(stack, arn))

    answers = may(
        template,
        "Caller",
        (INVOKE, arn, {}),
        ("bedrock:InvokeModelWithResponseStream", arn, {}),
        (INVOKE, arn.replace("abcdefghijkl", "mnopqrstuvwx"), {}),
        (INVOKE, foundation(LITE), {}),
    )

    assert answers == [True, True, False, False]


def test_a_marketplace_endpoint_is_called_through_bedrock_only(may):
    """A direct call to the endpoint, and an endpoint that is not registered with Bedrock, are denied."""
    template = granted(lambda stack: AccountModel.marketplace_endpoint(stack, ENDPOINT))
    through = {
        "aws:CalledViaLast": "bedrock.amazonaws.com",
        "aws:ResourceTag/sagemaker-sdk:bedrock": "compatible",
    }
    call = "sagemaker:InvokeEndpoint"

    answers = may(
        template,
        "Caller",
        (INVOKE, f"{BEDROCK}marketplace/model-endpoint/all-access", {}),
        (call, ENDPOINT, through),
        (call, ENDPOINT, {}),
        (call, ENDPOINT + "2", through),
    )

    assert answers == [True, True, False, False]


def test_a_guardrail_holds_for_every_kind_and_never_blocks_what_bedrock_does_behind(may):
    """The condition sits on the call to Bedrock; the call to the endpoint names no guardrail."""
    guardrail = Guardrail.from_guardrail_arn(GUARDRAIL, version="1")
    template = granted(lambda stack: AccountModel.marketplace_endpoint(stack, ENDPOINT), guardrail=guardrail)
    front = f"{BEDROCK}marketplace/model-endpoint/all-access"
    through = {
        "aws:CalledViaLast": "bedrock.amazonaws.com",
        "aws:ResourceTag/sagemaker-sdk:bedrock": "compatible",
    }

    answers = may(
        template,
        "Caller",
        (INVOKE, front, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1"}),
        (INVOKE, front, {}),
        ("sagemaker:InvokeEndpoint", ENDPOINT, through),
    )

    assert answers == [True, False, True]


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


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (f"{BEDROCK}custom-model/abc", "is no imported-model: give an ARN of the form"),
        (IMPORTED.replace("us-east-1", "us-west-2"), "is in us-west-2, the stack is in us-east-1"),
        (IMPORTED.replace("arn:aws:", "arn:aws-cn:"), "is of partition aws-cn, the stack is of aws"),
    ],
)
def test_an_arn_that_names_something_else_is_refused(arn, message):
    """Another kind, another region and another partition are found at synth."""
    with pytest.raises(ModelError, match=message):
        AccountModel.imported(testing.stack(), arn)


@pytest.mark.parametrize(
    ("model_id", "kind"),
    [
        (LITE, FoundationModel),
        (f"us.{LITE}", InferenceProfile),
        ("global.amazon.nova-2-lite-v1:0", InferenceProfile),
        (PROVISIONED, AccountModel),
        (IMPORTED, AccountModel),
        (DEPLOYED, AccountModel),
        (ENDPOINT, AccountModel),
    ],
)
def test_a_settings_file_names_any_kind_by_what_a_request_would_name(model_id, kind):
    """The kind follows from the id, and the id comes out as it went in."""
    model = model_of(testing.stack(), model_id)

    assert isinstance(model, kind)
    assert isinstance(model, IModel)
    assert model.model_id == model_id


def test_an_arn_of_no_model_is_refused():
    """A guardrail is no model."""
    with pytest.raises(ModelError, match="is no model of this account"):
        model_of(testing.stack(), GUARDRAIL)


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
