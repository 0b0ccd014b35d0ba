"""Models of every kind in a stack, and the ARNs that requests for them are authorized against."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.platform import (
    ApplicationInferenceProfile,
    FoundationModel,
    InferenceProfile,
    PromptRouter,
)

LITE = "amazon.nova-lite-v1:0"
PRO = "amazon.nova-pro-v1:0"


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
