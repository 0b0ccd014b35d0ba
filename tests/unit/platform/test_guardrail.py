"""The guardrail as a resource: encrypted, versioned by content, usable by grant."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import (
    BlockedMessages,
    ContentFilter,
    ContentPolicy,
    ContextualGrounding,
    DeniedTopic,
    Guardrail,
    GuardrailError,
    GuardrailPolicies,
    GuardrailProfile,
    Harm,
    IGuardrail,
    Off,
    Strength,
    Tier,
    TopicPolicy,
)
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

ROLE = "arn:aws:iam::111122223333:role/caller"
GUARDRAIL = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"
STANDARD = GuardrailPolicies(content=ContentPolicy(tier=Tier.STANDARD))


def made(stack: cdk.Stack, id: str = "Guardrail", **props) -> Guardrail:
    """Return a guardrail under a key of the same stack."""
    key = stack.node.try_find_child("Key") or EncryptionKey(
        stack, "Key", description="guardrails", uses=[KeyUse.GUARDRAIL]
    )
    return Guardrail(stack, id, key=key.key, **props)


def caller(stack: cdk.Stack, id: str = "Caller") -> iam.Role:
    """Return a role that a grant can be for."""
    return iam.Role(stack, id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


@pytest.fixture(scope="module")
def template():
    """Return one template with a plain guardrail, a cross-region one, and a caller of each."""
    app = testing.app()
    stack = testing.stack(app)
    made(stack).grant_apply(caller(stack))
    made(stack, "Standard", policies=STANDARD, profile=GuardrailProfile.US).grant_apply(caller(stack, "Other"))
    off = Off(reason="Answers come from a closed list of sentences")
    made(stack, "Relaxed", policies=GuardrailPolicies(words=off))
    return testing.template(stack)


def version_of(**props) -> str:
    """Return the description of the version of a guardrail in a fresh stack."""
    stack = testing.stack()
    made(stack, **props)
    (version,) = testing.resources(testing.template(stack), "AWS::Bedrock::GuardrailVersion").values()
    description: str = version["Properties"]["Description"]
    return description


def test_a_guardrail_is_clean_under_every_pack():
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    made(stack)
    made(stack, "Standard", policies=STANDARD, profile=GuardrailProfile.US)

    testing.template(stack)


def test_a_guardrail_is_encrypted_with_the_key_that_it_was_given(template):
    """The definition tells what an organisation fears, so it is under our key."""
    for guardrail in testing.resources(template, "AWS::Bedrock::Guardrail").values():
        assert guardrail["Properties"]["KmsKeyArn"]["Fn::GetAtt"][0].startswith("Key")


def test_names_are_generated_stable_and_within_the_limit(template):
    """CloudFormation demands a name; it comes from the path, so two guardrails never collide."""
    names = [one["Properties"]["Name"] for one in testing.resources(template, "AWS::Bedrock::Guardrail").values()]

    assert len(set(names)) == len(names)
    assert all(len(name) <= 50 for name in names)


def test_a_version_moves_when_the_content_moves_and_only_then():
    """The same content in another stack has the same version text; one changed threshold changes it."""
    same = version_of()

    assert version_of() == same
    assert version_of(description="another text about the same policies") == same
    assert version_of(policies=GuardrailPolicies(grounding=ContextualGrounding(grounding=0.8))) != same
    assert version_of(messages=BlockedMessages(input="No.")) != same


def test_a_version_moves_when_the_geography_that_judges_moves():
    """A version keeps the profile it was made with: without a new one, text would go on leaving the region."""
    at_home, in_the_us = version_of(), version_of(profile=GuardrailProfile.US)

    assert at_home != in_the_us


def test_a_guardrail_tells_in_plain_text_when_its_version_will_change():
    """A reference to another stack reads the same afterwards, and what reads the same is not deployed again."""
    first, same = made(testing.stack()), made(testing.stack())
    changed = made(testing.stack(), messages=BlockedMessages(input="No."))

    assert first.revision == same.revision != changed.revision
    assert not cdk.Token.is_unresolved(changed.revision)
    assert Guardrail.from_guardrail_arn(GUARDRAIL, version="3").revision == "3"


def test_a_replaced_version_is_kept_and_a_removed_one_goes(template):
    """Callers in other stacks name the old version until their own deploy."""
    for version in testing.resources(template, "AWS::Bedrock::GuardrailVersion").values():
        assert version["UpdateReplacePolicy"] == "Retain"
        assert version["DeletionPolicy"] == "Delete"


def test_the_caller_may_apply_the_guardrail_and_decrypt_it_and_nothing_else(template, fill, policies_of):
    """The grant is exact: another guardrail and a change of this one are denied."""
    resources = testing.resources(template, "AWS::Bedrock::Guardrail")
    mine = next(name for name in resources if name.startswith("Guardrail"))
    key = "arn:aws:kms:us-east-1:111122223333:key/one"
    ((key_id, key_resource),) = testing.resources(template, "AWS::KMS::Key").items()
    key_policy = fill(key_resource["Properties"]["KeyPolicy"])
    policies = fill(policies_of(template, "Caller"), {f"{mine}.GuardrailArn": GUARDRAIL, f"{key_id}.Arn": key})

    def ask(action: str, resource: str) -> Request:
        policy = key_policy if action.startswith("kms:") else None
        return Request(
            principal=ROLE, action=action, resource=resource, identity_policies=policies, resource_policy=policy
        )

    decisions = evaluate(
        [
            ask("bedrock:ApplyGuardrail", GUARDRAIL),
            ask("kms:Decrypt", key),
            ask("bedrock:ApplyGuardrail", GUARDRAIL.replace("abc", "xyz")),
            ask("bedrock:UpdateGuardrail", GUARDRAIL),
            ask("kms:Encrypt", key),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, True, False, False, False]


def test_a_cross_region_guardrail_grants_its_profile_in_every_region_that_judges(template, fill, policies_of):
    """The request is authorized against the profile in each destination as well."""
    policies = fill(policies_of(template, "Other"))
    profiles = [
        f"arn:aws:bedrock:{region}:111122223333:guardrail-profile/us.guardrail.v1:0"
        for region in ("us-east-1", "us-east-2", "us-west-2")
    ]

    decisions = evaluate(
        [
            Request(principal=ROLE, action="bedrock:ApplyGuardrail", resource=arn, identity_policies=policies)
            for arn in profiles
        ]
    )

    assert all(decision.allowed for decision in decisions)


def test_what_is_off_is_on_record_in_the_template(template):
    """The reason for a relaxation stands in the metadata of the resource."""
    relaxed = testing.resources(template, "AWS::Bedrock::Guardrail")
    (metadata,) = [one["Metadata"] for name, one in relaxed.items() if name.startswith("Relaxed")]

    assert metadata["genai-layers:off:words"] == "Answers come from a closed list of sentences"


def test_all_faults_of_a_guardrail_are_reported_at_once():
    """Five mistakes in five places are one message."""
    policies = GuardrailPolicies(
        content=ContentPolicy(
            filters=[
                ContentFilter(harm=Harm.PROMPT_ATTACK, output_strength=Strength.LOW),
                ContentFilter(harm=Harm.HATE),
                ContentFilter(harm=Harm.HATE),
            ],
            tier=Tier.STANDARD,
        ),
        topics=TopicPolicy(topics=[DeniedTopic(name="A", definition="d" * 300)]),
        grounding=ContextualGrounding(grounding=1.5),
    )

    with pytest.raises(GuardrailError) as error:
        made(testing.stack(), policies=policies)

    assert len(error.value.faults) == 5
    for words in ("PROMPT_ATTACK", "HATE is given", "has 300", "threshold is 1.5", "STANDARD tier of content"):
        assert words in str(error.value)


def test_a_profile_must_cover_the_region():
    """A geography that does not hold the region of the stack is refused with the regions that it holds."""
    with pytest.raises(GuardrailError, match="profile 'eu' does not cover us-east-1: its regions are eu-central-1"):
        made(testing.stack(), profile=GuardrailProfile.EU)


def test_a_region_without_guardrails_is_refused():
    """China has none, and the message says where they are."""
    with pytest.raises(RegionError, match="'cn-north-1' lacks AWS::Bedrock::Guardrail"):
        made(testing.stack(region="cn-north-1"))


def test_a_guardrail_in_govcloud_uses_the_arns_of_its_partition(fill):
    """The profile of a GovCloud guardrail is one of GovCloud."""
    stack = testing.stack(region="us-gov-west-1")
    made(stack, policies=STANDARD, profile=GuardrailProfile.US_GOV)
    (guardrail,) = testing.resources(testing.template(stack), "AWS::Bedrock::Guardrail").values()

    arn = fill(guardrail, region="us-gov-west-1")["Properties"]["CrossRegionConfig"]["GuardrailProfileArn"]

    assert arn == "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:guardrail-profile/us-gov.guardrail.v1:0"


def test_an_imported_guardrail_can_be_used_like_our_own():
    """Both meet the interface that models ask for."""
    stack = testing.stack()

    assert isinstance(Guardrail.from_guardrail_arn(GUARDRAIL, version="3"), IGuardrail)
    assert isinstance(made(stack), IGuardrail)


def test_metrics_name_the_guardrail_and_its_version():
    """Interventions are counted per guardrail and version, in the namespace of the service."""
    guardrail = made(testing.stack())
    metric = guardrail.metric_interventions()

    assert (metric.namespace, metric.metric_name) == ("AWS/Bedrock/Guardrails", "InvocationsIntervened")
    assert set(metric.dimensions) == {"GuardrailArn", "GuardrailVersion"}
