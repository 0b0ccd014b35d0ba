"""Models that Bedrock runs on demand: what a grant allows, exactly, in every partition."""

from __future__ import annotations

import json

import pytest
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.platform import FoundationModel, Guardrail, IModel, InferenceProfile
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

ROLE = "arn:aws:iam::111122223333:role/caller"
LITE = "amazon.nova-lite-v1:0"
GLOBAL = "amazon.nova-2-lite-v1:0"
GUARDRAIL = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"
INVOKE = "bedrock:InvokeModel"


def foundation(model_id: str, region: str = "us-east-1", partition: str = "aws") -> str:
    """Return the ARN of a foundation model."""
    return f"arn:{partition}:bedrock:{region}::foundation-model/{model_id}"


def profile(profile_id: str, region: str = "us-east-1", partition: str = "aws") -> str:
    """Return the ARN of a system-defined inference profile."""
    return f"arn:{partition}:bedrock:{region}:111122223333:inference-profile/{profile_id}"


def granted(make, region: str = "us-east-1", **grant):
    """Return the template of a stack in which one role may run the model that *make* returns."""
    stack = testing.stack(region=region)
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    make(stack).grant_invoke(caller, **grant)
    return testing.template(stack)


def named(text: str) -> str:
    """Return *text* with a name for the missing region of a global foundation model."""
    return text.replace(":bedrock:::", ":bedrock:nowhere::")


@pytest.fixture
def ask(fill, policies_of):
    """Return a function that asks whether the caller of a template may make each of some requests."""

    def asked(template, *requests, region: str = "us-east-1"):
        # The evaluator knows no foundation model without a region. To IAM the region is one more string to
        # compare, so giving the global one a name in policies and requests alike changes no answer.
        policies = json.loads(named(json.dumps(fill(policies_of(template, "Caller"), region=region))))
        partition = "aws-us-gov" if "gov" in region else "aws"
        return [
            decision.allowed
            for decision in evaluate(
                [
                    Request(
                        principal=ROLE.replace("aws:", f"{partition}:"),
                        action=action,
                        resource=named(resource),
                        context=context,
                        identity_policies=policies,
                        resource_account="111122223333",
                    )
                    for action, resource, context in requests
                ]
            )
        ]

    return asked


def test_a_foundation_model_is_granted_in_its_region_with_and_without_streaming_and_nothing_else(ask):
    """Another model, another region and another action are denied."""
    template = granted(lambda stack: FoundationModel.of(stack, LITE))

    answers = ask(
        template,
        (INVOKE, foundation(LITE), {}),
        ("bedrock:InvokeModelWithResponseStream", foundation(LITE), {}),
        (INVOKE, foundation("amazon.nova-pro-v1:0"), {}),
        (INVOKE, foundation(LITE, "us-west-2"), {}),
        ("bedrock:CreateModelInvocationJob", foundation(LITE), {}),
    )

    assert answers == [True, True, False, False, False]


def test_a_geographic_profile_is_granted_with_the_model_in_the_source_and_every_destination(ask):
    """The model runs in any region of the geography, but only through the profile."""
    template = granted(lambda stack: InferenceProfile.geographic(stack, LITE), region="eu-west-1")
    here = profile(f"eu.{LITE}", "eu-west-1")
    through = {"bedrock:InferenceProfileArn": here}

    answers = ask(
        template,
        (INVOKE, here, {}),
        (INVOKE, foundation(LITE, "eu-west-1"), through),
        (INVOKE, foundation(LITE, "eu-central-1"), through),
        (INVOKE, foundation(LITE, "eu-central-1"), {}),
        (INVOKE, foundation(LITE, "us-east-1"), through),
        (INVOKE, foundation(LITE, "eu-west-1"), {"bedrock:InferenceProfileArn": profile(f"us.{LITE}")}),
        region="eu-west-1",
    )

    assert answers == [True, True, True, False, False, False]


def test_destinations_can_be_narrowed_to_what_the_model_card_says(ask):
    """Given regions replace those of the geography; the source stays."""
    template = granted(lambda stack: InferenceProfile.geographic(stack, LITE, destination_regions=["us-east-2"]))
    through = {"bedrock:InferenceProfileArn": profile(f"us.{LITE}")}

    answers = ask(
        template,
        *[(INVOKE, foundation(LITE, region), through) for region in ("us-east-1", "us-east-2", "us-west-2")],
    )

    assert answers == [True, True, False]


def test_a_global_profile_is_granted_with_the_model_that_has_no_region(ask):
    """Outside the source region the requested region is `unspecified`; a request that names one is denied."""
    template = granted(lambda stack: InferenceProfile.global_(stack, GLOBAL))
    here = profile(f"global.{GLOBAL}")
    through = {"bedrock:InferenceProfileArn": here}

    answers = ask(
        template,
        (INVOKE, here, {"aws:RequestedRegion": "us-east-1"}),
        (INVOKE, foundation(GLOBAL), {"aws:RequestedRegion": "us-east-1", **through}),
        (INVOKE, foundation(GLOBAL, ""), {"aws:RequestedRegion": "unspecified", **through}),
        (INVOKE, foundation(GLOBAL, ""), {"aws:RequestedRegion": "eu-west-1", **through}),
        (INVOKE, foundation(GLOBAL, ""), {"aws:RequestedRegion": "unspecified"}),
        (INVOKE, foundation(GLOBAL, "eu-west-1"), {"aws:RequestedRegion": "eu-west-1", **through}),
    )

    assert answers == [True, True, True, False, False, False]


@pytest.mark.parametrize("make", [FoundationModel.of, InferenceProfile.of], ids=["model", "profile"])
def test_a_call_without_the_guardrail_is_denied(ask, make):
    """Without a guardrail, with another one, and with its draft a request is denied; any numbered version passes."""
    name = LITE if make == FoundationModel.of else f"us.{LITE}"
    guardrail = Guardrail.from_guardrail_arn(GUARDRAIL, version="2")
    template = granted(lambda stack: make(stack, name), guardrail=guardrail)
    arn = foundation(LITE) if make == FoundationModel.of else profile(name)

    answers = ask(
        template,
        (INVOKE, arn, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:2"}),
        (INVOKE, arn, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:3"}),
        (INVOKE, arn, {"bedrock:GuardrailIdentifier": GUARDRAIL}),
        (INVOKE, arn, {"bedrock:GuardrailIdentifier": GUARDRAIL.replace("abc", "abcd") + ":2"}),
        (INVOKE, arn, {}),
        ("bedrock:ApplyGuardrail", GUARDRAIL, {}),
    )

    assert answers == [True, True, False, False, False, True]


def test_govcloud_arns_are_of_govcloud(ask):
    """A GovCloud profile and its models carry the partition of GovCloud."""
    model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    template = granted(lambda stack: InferenceProfile.of(stack, f"us-gov.{model}"), region="us-gov-west-1")
    here = profile(f"us-gov.{model}", "us-gov-west-1", "aws-us-gov")
    through = {"bedrock:InferenceProfileArn": here}

    answers = ask(
        template,
        (INVOKE, here, {}),
        (INVOKE, foundation(model, "us-gov-east-1", "aws-us-gov"), through),
        (INVOKE, foundation(model, "us-east-1"), through),
        region="us-gov-west-1",
    )

    assert answers == [True, True, False]


def test_prices_are_those_of_the_profile():
    """The price that a chat shows is the one of the id that it names."""
    stack = testing.stack()
    model = InferenceProfile.global_(stack, GLOBAL)

    assert model.price is not None
    assert model.price.id == model.model_id == f"global.{GLOBAL}"
    assert isinstance(model, IModel)


def test_metrics_are_counted_by_the_id_that_requests_name():
    """CloudWatch knows a model by the id of the request."""
    metric = FoundationModel.of(testing.stack(), LITE).metric_throttles()

    assert (metric.namespace, metric.metric_name, metric.dimensions) == (
        "AWS/Bedrock",
        "InvocationThrottles",
        {"ModelId": LITE},
    )
