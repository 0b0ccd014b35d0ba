"""The function that curates a hub may do that, in one hub, and comes after the hub and before nobody else."""

from __future__ import annotations

import pytest
from aws_cdk import App, Stack

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks, unmatched_acknowledgements
from genai_layers.platform.sagemaker import HubReferences, JumpStartError, PrivateHub
from genai_layers.testing import Request, Resolver, evaluate, resources

pytestmark = pytest.mark.synth

MODELS = ["huggingface-llm-gemma-2b", "meta-textgeneration-llama-3-1-8b-instruct"]
HERE = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"
PUBLIC = "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model"
CURATOR = "AWS::Lambda::Function"


def _curated(stack: Stack, models: list[str]) -> PrivateHub:
    key = EncryptionKey(stack, "Key", description="hub", uses=HubReferences.REQUIRED_KEY_USES).key
    hub = PrivateHub(stack, "Hub", description="reviewed models", allowed_models=models)
    HubReferences(stack, "References", hub=hub, key=key)
    return hub


@pytest.fixture(scope="module")
def app() -> App:
    """A curated hub under every pack; this raises where anything is found."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app, "Hub")
    _curated(stack, MODELS)
    testing.template(stack)
    return app


@pytest.fixture(scope="module")
def template(app: App) -> testing.Template:
    """Its template."""
    stack = app.node.find_child("Hub")
    assert isinstance(stack, Stack)
    return testing.template(stack)


def test_the_resource_names_every_model_of_the_list_and_waits_for_hub_and_policy(template: testing.Template) -> None:
    """A role whose policy comes later would be denied its first call."""
    ((_, resource),) = resources(template, "Custom::HubReferences").items()

    assert set(resource["Properties"]["Models"]) == set(MODELS)
    (hub,) = resources(template, "AWS::SageMaker::Hub")
    assert {hub, *resources(template, "AWS::IAM::Policy")} <= set(resource["DependsOn"])


def test_the_function_makes_references_of_the_list_and_deletes_any_of_its_hub(template: testing.Template) -> None:
    """What has left the list must go; another model, and another hub, stay as they are."""
    resolver = Resolver(template=template)
    ((_, hub),) = resources(template, "AWS::SageMaker::Hub").items()
    name = resolver.resolve(hub["Properties"]["HubName"])
    (role,) = [each for each in resources(template, "AWS::IAM::Role") if each.startswith("ReferencesFunction")]
    policies = testing.policies_of(template, role, resolver)
    create, delete = "sagemaker:CreateHubContentReference", "sagemaker:DeleteHubContentReference"
    calls = [
        (create, f"{PUBLIC}/{MODELS[0]}"),
        (create, f"{HERE}:hub/{name}"),
        (delete, f"{HERE}:hub-content/{name}/ModelReference/left-the-list"),
        ("sagemaker:ListHubContents", f"{HERE}:hub/{name}"),
        (create, f"{PUBLIC}/another-model"),
        (delete, f"{HERE}:hub-content/another/ModelReference/{MODELS[0]}"),
        ("sagemaker:DeleteHub", f"{HERE}:hub/{name}"),
    ]

    answers = evaluate(
        [
            Request(
                principal=f"arn:aws:iam::{testing.ACCOUNT}:role/curator",
                action=action,
                resource=resource,
                identity_policies=policies,
                resource_account=testing.ACCOUNT,
            )
            for action, resource in calls
        ]
    )

    assert [each.allowed for each in answers] == [True, True, True, True, False, False, False]


def test_a_model_whose_name_makes_no_reference_is_refused() -> None:
    """Before a deploy, with the name."""
    with pytest.raises(JumpStartError, match="of 70 characters"):
        _curated(testing.stack(), ["x" * 70])


def test_no_acknowledgement_is_left_over(app: App) -> None:
    """Each meets a finding."""
    assert unmatched_acknowledgements(app) == []
