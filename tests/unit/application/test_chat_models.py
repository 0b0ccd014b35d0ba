"""A chat with several models: its function may ask each of them, judge by its guardrail, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from genai_layers import testing
from genai_layers.application import EVERYONE, ChatService, ModelChoice, Priced
from genai_layers.foundation import EncryptionKey
from genai_layers.inference import AcceleratorFleet
from genai_layers.operations import Monitoring
from genai_layers.platform.sagemaker import ModelComponent
from genai_layers.runtime.chat import named_models, settings
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Outcome, Request, Resolver, Template, evaluate, policies_of, resources
from tests.unit.application.conftest import MODEL, Estate, make_estate
from tests.unit.application.models_of_ours import PRICE, OurEndpoint, OurFleet

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def estate() -> Estate:
    """An estate with a chat that has all three kinds of model."""
    made = make_estate()
    made.network.require(*ChatService.SAGEMAKER_ENDPOINTS, *ChatService.FLEET_ENDPOINTS)
    chat = made.chat(
        model=None,
        models={
            "fast": made.model,
            "ours": Priced(model=OurFleet(made), price=PRICE),
            "tuned": OurEndpoint(made),
        },
        model_choice=ModelChoice.CHEAPEST,
        allowed_models={
            made.directory.add_group("experts", description="who may use all"): ["fast", "ours", "tuned"],
            EVERYONE: ["fast"],
        },
    )
    Monitoring(
        made.stack,
        "Monitoring",
        key=EncryptionKey(made.stack, "AlarmKey", description="alarms", uses=Monitoring.REQUIRED_KEY_USES).key,
        anomaly_detection=False,
    ).monitor_chat(chat, thresholds={"FallbacksUsed": 9})
    return made


@pytest.fixture(scope="module")
def template(estate: Estate) -> Template:
    """Its template, synthesized under every check."""
    return testing.template(estate.stack)


def _named(template: Template, type: str, prefix: str) -> tuple[str, dict[str, Any]]:
    (found,) = [(name, one) for name, one in resources(template, type).items() if name.startswith(prefix)]
    return found


def test_the_function_can_read_its_models(template: Template) -> None:
    """What the construct writes, the function's own reader takes; as text, it fits into what Lambda allows."""
    _, function = _named(template, "AWS::Lambda::Function", "ChatFunction")
    variables: Mapping[str, str] = Resolver(template=template).resolve(
        function["Properties"]["Environment"]["Variables"]
    )

    read = settings.read(Environment({**variables, "AWS_LAMBDA_FUNCTION_NAME": "chat"}))

    assert [(one.name, one.kind.value) for one in read.models] == [
        ("fast", "bedrock"),
        ("ours", "fleet"),
        ("tuned", "sagemaker"),
    ]
    fast, ours, tuned = read.models
    assert (fast.target, read.model_id) == (MODEL, named_models.AUTO)
    assert (ours.target, ours.served_name) == ("https://llama.example.com", "llama")
    assert str(ours.secret).startswith("arn:aws:secretsmanager:")
    assert (ours.input_usd_per_million, ours.output_usd_per_million) == (Decimal("0.10"), Decimal("0.20"))
    assert (tuned.target, tuned.component, tuned.input_usd_per_million) == ("models", "llama", None)
    assert read.model_choice is named_models.Choice.CHEAPEST
    assert sorted((read.allowed_models or {}).values()) == [("fast",), ("fast", "ours", "tuned")]
    assert EVERYONE in (read.allowed_models or {})
    assert sum(len(name) + len(value) for name, value in variables.items()) < 4096


def test_both_sides_have_the_same_words() -> None:
    """For everyone, and for each choice."""
    assert EVERYONE == named_models.EVERYONE
    assert {one.value for one in ModelChoice} == {one.value for one in named_models.Choice}


def test_the_role_can_ask_its_models_and_nothing_else(estate: Estate, template: Template) -> None:
    """Evaluated as IAM would."""
    resolver = Resolver(template=template)
    role, _ = _named(template, "AWS::IAM::Role", "ChatFunctionRole")
    policies = policies_of(template, role, resolver)
    guardrail = resolver.arn(_named(template, "AWS::Bedrock::Guardrail", "Guardrail")[0])
    secret = resolver.arn(_named(template, "AWS::SecretsManager::Secret", "ApiKey")[0])
    key_name, key_resource = _named(template, "AWS::KMS::Key", "SecretKey")
    key = resolver.arn(key_name)
    # A key is nobody's whose policy does not say so, whatever the role may.
    key_policy = resolver.resolve(key_resource["Properties"]["KeyPolicy"])
    endpoint, component = (resolver.resolve(estate.stack.resolve(arn)) for arn in OurEndpoint(estate).arns)
    model = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"

    def ask(action: str, resource: str, **context: str) -> Request:
        return Request(
            principal=f"arn:aws:sts::{testing.ACCOUNT}:assumed-role/{role}/chat",
            action=action,
            resource=resource,
            context={name.replace("__", ":"): value for name, value in context.items()},
            identity_policies=policies,
            resource_policy=key_policy if action.startswith("kms:") else None,
            resource_account=testing.ACCOUNT,
        )

    via = {"kms__ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    allowed = [
        ask("bedrock:InvokeModel", model, bedrock__GuardrailIdentifier=f"{guardrail}:1"),
        ask("bedrock:ApplyGuardrail", guardrail),
        ask("sagemaker:InvokeEndpoint", endpoint),
        ask("sagemaker:InvokeEndpoint", component),
        ask("sagemaker:InvokeEndpointWithResponseStream", endpoint),
        ask("secretsmanager:GetSecretValue", secret),
        ask("kms:Decrypt", key, **via),
    ]
    denied = [
        ask("bedrock:InvokeModel", model),
        ask("bedrock:ApplyGuardrail", guardrail + "x"),
        ask("sagemaker:InvokeEndpoint", endpoint + "x"),
        ask("sagemaker:InvokeEndpointAsync", endpoint),
        ask("sagemaker:UpdateEndpoint", endpoint),
        ask("secretsmanager:GetSecretValue", secret + "x"),
        ask("secretsmanager:PutSecretValue", secret),
        ask("kms:Decrypt", key),
    ]

    decisions = evaluate([*allowed, *denied])

    assert [one.request.action for one in decisions[: len(allowed)] if not one.allowed] == []
    assert {one.outcome for one in decisions[len(allowed) :]} == {Outcome.IMPLICITLY_DENIED}


def test_the_fleet_lets_the_function_in_and_nobody_else(template: Template) -> None:
    """One rule on its door, from the group of the function, on its port."""
    door, _ = _named(template, "AWS::EC2::SecurityGroup", "Door")
    (rule,) = [
        one["Properties"]
        for one in resources(template, "AWS::EC2::SecurityGroupIngress").values()
        if door in json.dumps(one["Properties"]["GroupId"])
    ]

    assert "ChatFunction" in json.dumps(rule["SourceSecurityGroupId"])
    assert (rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) == (443, 443, "tcp")


def test_what_fails_is_watched(template: Template) -> None:
    """With an alarm for another model that answered, and for one that is left alone."""
    watched = {
        one["Properties"]["MetricName"]: one["Properties"]["Threshold"]
        for one in resources(template, "AWS::CloudWatch::Alarm").values()
    }

    assert (watched["Fallbacks"], watched["BreakersOpened"]) == (9, 0)
    _, dashboard = _named(template, "AWS::CloudWatch::Dashboard", "Monitoring")
    assert "BreakersOpened" in json.dumps(dashboard)


def test_a_chat_with_one_model_is_watched_as_before() -> None:
    """An alarm on what is never written is paid for and always quiet."""
    made = make_estate()
    key = EncryptionKey(made.stack, "AlarmKey", description="alarms", uses=Monitoring.REQUIRED_KEY_USES).key
    monitoring = Monitoring(made.stack, "Monitoring", key=key)
    monitoring.monitor_chat(made.chat())

    assert not [name for name in monitoring.alarms if "Breakers" in name or "Fallbacks" in name]


def test_real_models_have_what_a_chat_asks_for() -> None:
    """The fleets and endpoints of the other rooms can be named as they are."""
    assert not [name for name in ("endpoint", "connections", "api_key") if not hasattr(AcceleratorFleet, name)]
    assert isinstance(ModelComponent.endpoint_name, property)
