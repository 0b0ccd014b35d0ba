"""Guardrails that nobody can leave out: by IAM for a role, by the service for an account."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey, KeyUse, WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    AutomatedReasoning,
    EnforcedGuardrail,
    FoundationModel,
    Guarding,
    Guardrail,
    GuardrailError,
    GuardrailPolicies,
    GuardrailProfile,
    InferenceProfile,
    require_guardrail,
    unguarded_calls_denied,
)
from genai_layers.testing.policy import Outcome, Request, evaluate

pytestmark = pytest.mark.synth

LITE = "amazon.nova-lite-v1:0"
EMBED = "amazon.titan-embed-text-v2:0"
GUARDRAIL = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"
MODEL = f"arn:aws:bedrock:us-east-1::foundation-model/{LITE}"
REASONING = "arn:aws:bedrock:us-east-1:111122223333:automated-reasoning-policy/abcdefghijkl:1"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}]}


def imported() -> Guardrail:
    """Return a guardrail that was defined elsewhere."""
    return Guardrail.from_guardrail_arn(GUARDRAIL, version="1")


def own(stack, **props) -> Guardrail:
    """Return a guardrail of the stack."""
    key = EncryptionKey(stack, "Key", description="guardrails", uses=[KeyUse.GUARDRAIL])
    return Guardrail(stack, "Guardrail", key=key.key, **props)


def decide(policies, *cases):
    """Return what IAM answers on calls of a model, given by resource and guardrail."""
    return [
        decision.outcome
        for decision in evaluate(
            [
                Request(
                    principal="arn:aws:iam::111122223333:role/caller",
                    action=action,
                    resource=resource,
                    context={} if guardrail is None else {"bedrock:GuardrailIdentifier": guardrail},
                    identity_policies=policies,
                    resource_account="111122223333",
                )
                for action, resource, guardrail in cases
            ]
        )
    ]


@pytest.fixture
def bound(fill, policies_of):
    """Return a function that makes a role which must name the guardrail, and finds its policies."""

    def made(*except_models: str):
        stack = testing.stack()
        role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        models = [FoundationModel.of(stack, model) for model in except_models]
        require_guardrail(role, imported(), except_models=models)
        return fill(policies_of(testing.template(stack), "Caller"))

    return made


def test_a_call_without_the_guardrail_is_denied_whatever_else_is_allowed(bound):
    """Even a role that may do everything in Bedrock cannot leave the guardrail out, swap it, or use its draft."""
    stream = "bedrock:InvokeModelWithResponseStream"
    policies = [EVERYTHING, *bound()]

    outcomes = decide(
        policies,
        ("bedrock:InvokeModel", MODEL, f"{GUARDRAIL}:1"),
        ("bedrock:InvokeModel", MODEL, None),
        (stream, MODEL, None),
        ("bedrock:InvokeModel", MODEL, GUARDRAIL),
        ("bedrock:InvokeModel", MODEL, GUARDRAIL.replace("abc", "xyz") + ":1"),
    )

    assert outcomes[0] is Outcome.ALLOWED
    assert set(outcomes[1:]) == {Outcome.EXPLICITLY_DENIED}


def test_models_that_take_no_guardrail_can_be_left_out(bound):
    """An embedding model is called without one, and every other model still needs it."""
    embedding = f"arn:aws:bedrock:us-east-1::foundation-model/{EMBED}"

    outcomes = decide(
        [EVERYTHING, *bound(EMBED)], ("bedrock:InvokeModel", embedding, None), ("bedrock:InvokeModel", MODEL, None)
    )

    assert outcomes == [Outcome.ALLOWED, Outcome.EXPLICITLY_DENIED]


def test_a_boundary_with_the_denial_binds_every_role_under_it():
    """The same statement in a permissions boundary holds against what a role is given later."""
    statement = unguarded_calls_denied(imported()).to_statement_json()
    boundary = {"Version": "2012-10-17", "Statement": [*EVERYTHING["Statement"], statement]}

    (without, named) = evaluate(
        [
            Request(
                principal="arn:aws:iam::111122223333:role/caller",
                action="bedrock:InvokeModel",
                resource=MODEL,
                context=context,
                identity_policies=[EVERYTHING],
                boundary=boundary,
                resource_account="111122223333",
            )
            for context in ({}, {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:2"})
        ]
    )

    assert (without.outcome, named.outcome) == (Outcome.EXPLICITLY_DENIED, Outcome.ALLOWED)


def test_the_denial_and_a_guarded_grant_go_together(fill, policies_of):
    """A role with both can run its model through the guardrail, across regions too."""
    stack = testing.stack()
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    InferenceProfile.of(stack, f"us.{LITE}").grant_invoke(role, guardrail=imported())
    require_guardrail(role, imported())
    policies = fill(policies_of(testing.template(stack), "Caller"))
    profile = f"arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.{LITE}"

    assert decide(
        policies, ("bedrock:InvokeModel", profile, f"{GUARDRAIL}:1"), ("bedrock:InvokeModel", profile, None)
    ) == [Outcome.ALLOWED, Outcome.EXPLICITLY_DENIED]


def test_an_enforced_guardrail_names_the_version_and_every_model():
    """It is enforced in its current version, on all models, on everything that users write."""
    stack = testing.stack()
    EnforcedGuardrail(stack, "Everywhere", guardrail=own(stack))
    template = testing.template(stack)
    (enforced,) = testing.resources(template, "AWS::Bedrock::EnforcedGuardrailConfiguration").values()
    (version,) = testing.resources(template, "AWS::Bedrock::GuardrailVersion")

    assert enforced["Properties"]["GuardrailVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert enforced["Properties"]["SelectiveContentGuarding"] == {"Messages": "COMPREHENSIVE", "System": "SELECTIVE"}
    assert "ModelEnforcement" not in enforced["Properties"]


def test_enforcement_can_spare_models():
    """What is spared is named; everything else stays in."""
    stack = testing.stack()
    EnforcedGuardrail(stack, "Everywhere", guardrail=own(stack), except_models=[EMBED], system=Guarding.COMPREHENSIVE)
    (enforced,) = testing.resources(testing.template(stack), "AWS::Bedrock::EnforcedGuardrailConfiguration").values()

    assert enforced["Properties"]["ModelEnforcement"] == {"IncludedModels": ["ALL"], "ExcludedModels": [EMBED]}


def test_enforcement_refuses_what_cannot_be_enforced():
    """A profile id is no model id here, and automated reasoning is not enforced."""
    stack = testing.stack()
    guardrail = own(
        stack,
        policies=GuardrailPolicies(automated_reasoning=AutomatedReasoning(policy_arns=[REASONING])),
        profile=GuardrailProfile.US,
    )

    with pytest.raises(GuardrailError) as error:
        EnforcedGuardrail(stack, "Everywhere", guardrail=guardrail, only_models=[f"us.{LITE}"])

    assert len(error.value.faults) == 2
    assert "is no model id" in str(error.value)


def test_enforcement_is_refused_where_it_does_not_exist():
    """The message names the type."""
    stack = testing.stack()
    guardrail = own(stack)
    china = testing.stack(region="cn-north-1")

    with pytest.raises(RegionError, match="lacks AWS::Bedrock::EnforcedGuardrailConfiguration"):
        EnforcedGuardrail(china, "Everywhere", guardrail=guardrail)


@pytest.mark.parametrize(
    "policies", [GuardrailPolicies.strict(), GuardrailPolicies.pii_safe(), GuardrailPolicies.ungrounded()]
)
def test_presets_have_no_fault(policies):
    """A preset is something that the service takes."""
    assert policies.faults() == []


def test_presets_differ_where_their_names_say():
    """Strict asks more of answers, pii_safe knows every kind of personal data, ungrounded says why it is off."""
    strict, safe, free = GuardrailPolicies.strict(), GuardrailPolicies.pii_safe(), GuardrailPolicies.ungrounded()

    assert strict.grounding.grounding > safe.grounding.grounding
    assert len(safe.sensitive_information.personal_data) == 31
    assert set(free.relaxations()) == {"grounding"}


def test_enforcement_and_denial_are_clean_under_every_pack():
    """Neither brings a finding."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    guardrail = own(stack)
    EnforcedGuardrail(stack, "Everywhere", guardrail=guardrail)
    role = WorkloadRole(
        stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="asks models"
    )
    require_guardrail(role, guardrail)

    testing.template(stack)
