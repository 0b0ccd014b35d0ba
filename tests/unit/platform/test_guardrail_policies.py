"""The policies of a guardrail: what is on by default, and what is refused before the service sees it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from genai_layers.platform import (
    Action,
    AutomatedReasoning,
    ContentFilter,
    ContentPolicy,
    ContextualGrounding,
    DeniedTopic,
    GuardrailPolicies,
    Harm,
    Modality,
    Off,
    PersonalData,
    PersonalDataType,
    SensitiveInformation,
    SensitivePattern,
    Strength,
    Tier,
    TopicPolicy,
    WordPolicy,
)

pytestmark = pytest.mark.synth


def entities(policy: SensitiveInformation) -> dict[str, tuple[str, str]]:
    """Return input and output action by kind of personal data."""
    rendered = policy.render()["piiEntitiesConfig"]
    return {entry["type"]: (entry["inputAction"], entry["outputAction"]) for entry in rendered}


def test_every_content_filter_is_high_by_default_and_prompt_attacks_are_sought_in_the_input_only():
    """A guardrail that was given nothing stops every kind of harm both ways."""
    filters = {one["type"]: one for one in ContentPolicy().render()["filtersConfig"]}

    assert set(filters) == {harm.value for harm in Harm}
    assert {one["inputStrength"] for one in filters.values()} == {"HIGH"}
    assert filters.pop("PROMPT_ATTACK")["outputStrength"] == "NONE"
    assert {one["outputStrength"] for one in filters.values()} == {"HIGH"}


def test_the_defaults_have_no_fault():
    """What we ship is what the service takes."""
    assert GuardrailPolicies().faults() == []
    assert GuardrailPolicies(sensitive_information=SensitiveInformation.strict()).faults() == []


def test_secrets_are_stopped_and_ways_to_reach_a_person_are_masked_by_default():
    """The decided list blocks what lets someone act as its owner, masks contacts, and leaves names alone."""
    actions = entities(SensitiveInformation())

    assert actions["AWS_SECRET_KEY"] == ("BLOCK", "BLOCK")
    assert actions["US_SOCIAL_SECURITY_NUMBER"] == ("BLOCK", "BLOCK")
    assert actions["EMAIL"] == ("ANONYMIZE", "ANONYMIZE")
    assert not {"NAME", "AGE", "URL", "IP_ADDRESS"} & set(actions)


def test_strict_personal_data_knows_every_kind():
    """The strict policy leaves no kind of personal data out, names included."""
    actions = entities(SensitiveInformation.strict())

    assert set(actions) == {kind.value for kind in PersonalDataType}
    assert actions["NAME"] == ("ANONYMIZE", "ANONYMIZE")
    assert actions["PASSWORD"] == ("BLOCK", "BLOCK")


def test_personal_data_may_be_treated_differently_on_the_way_in_and_out():
    """An e-mail address may be asked about and still be masked in answers."""
    entry = PersonalData(type=PersonalDataType.EMAIL, input_action=Action.NONE, output_action=Action.ANONYMIZE)

    assert entities(SensitiveInformation(personal_data=[entry])) == {"EMAIL": ("NONE", "ANONYMIZE")}


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            ContentPolicy(filters=[ContentFilter(harm=Harm.PROMPT_ATTACK, output_strength=Strength.HIGH)]),
            "output_strength HIGH, but prompt attacks are looked for in the input only",
        ),
        (ContentPolicy(filters=[ContentFilter(harm=Harm.HATE)] * 2), "filter HATE is given more than once"),
        (ContentPolicy(filters=[]), "content has no filters"),
        (
            ContentPolicy(filters=[ContentFilter(harm=Harm.HATE, output_action=Action.ANONYMIZE)]),
            "output_action ANONYMIZE, allowed are BLOCK and NONE",
        ),
        (ContentPolicy(filters=[ContentFilter(harm=Harm.HATE, modalities=())]), "filter HATE has no modalities"),
        (TopicPolicy(topics=[]), "topics has no topic"),
        (
            TopicPolicy(topics=[DeniedTopic(name=f"Topic {n}", definition="d") for n in range(31)]),
            "there are 31 denied topics, at most 30 are allowed",
        ),
        (
            TopicPolicy(topics=[DeniedTopic(name="Advice", definition="d" * 201)]),
            "definition of topic 'Advice' has 201 characters, allowed are 1 to 200 in the CLASSIC tier",
        ),
        (TopicPolicy(topics=[DeniedTopic(name="a/b", definition="d")]), "topic name 'a/b' is not 1 to 100"),
        (TopicPolicy(topics=[DeniedTopic(name="A", definition="d")] * 2), "topic 'A' is given more than once"),
        (
            TopicPolicy(topics=[DeniedTopic(name="A", definition="d", examples=["e"] * 6)]),
            "topic 'A' has 6 examples, at most 5",
        ),
        (
            TopicPolicy(topics=[DeniedTopic(name="A", definition="d", examples=["e" * 101])]),
            "of topic 'A' has 101 characters, allowed are 1 to 100",
        ),
        (WordPolicy(words=["x" * 101]), "has 101 characters, allowed are 1 to 100"),
        (WordPolicy(words=["a", "a"]), "word 'a' is given more than once"),
        (WordPolicy(profanity=False), "words stops nothing"),
        (
            SensitiveInformation(personal_data=[PersonalData(type=PersonalDataType.PIN)] * 2),
            "personal data PIN is given more than once",
        ),
        (SensitiveInformation(personal_data=[]), "sensitive_information stops nothing"),
        (
            SensitiveInformation(patterns=[SensitivePattern(name="p", pattern="(?<=x)y")]),
            "pattern 'p' uses look-around",
        ),
        (SensitiveInformation(patterns=[SensitivePattern(name="p", pattern="(")]), "is no regular expression"),
        (
            SensitiveInformation(patterns=[SensitivePattern(name=f"p{n}", pattern="x") for n in range(31)]),
            "there are 31 patterns, at most 30",
        ),
        (ContextualGrounding(grounding=1), "grounding threshold is 1, allowed are 0 to 0.99"),
        (ContextualGrounding(relevance=-0.1), "relevance threshold is -0.1"),
        (AutomatedReasoning(policy_arns=[]), "there are 0 automated reasoning policies, allowed are 1 to 2"),
        (AutomatedReasoning(policy_arns=["nothing"]), "'nothing' is no ARN of one"),
    ],
)
def test_refuses_what_the_service_would_refuse_later(policy, message):
    """Each limit is named with the value given and the values allowed."""
    assert any(message in fault for fault in policy.faults()), policy.faults()


def test_the_standard_tier_allows_longer_definitions():
    """A definition of 1,000 characters is fine once the STANDARD tier judges."""
    topic = DeniedTopic(name="Advice", definition="d" * 1000)

    assert TopicPolicy(topics=[topic], tier=Tier.STANDARD).faults() == []


def test_turning_a_policy_off_takes_a_reason():
    """A relaxation without a reason that says something is a fault, with one it is on record."""
    reason = "The model answers only from a closed list of sentences"

    assert "say in at least 20 characters" in GuardrailPolicies(words=Off(reason="no")).faults()[0]
    assert GuardrailPolicies(words=Off(reason=reason)).relaxations() == {"words": reason}
    assert "word_policy_config" not in GuardrailPolicies(words=Off(reason=reason)).render()


def test_a_guardrail_with_everything_off_is_refused():
    """A guardrail that stops nothing only looks like one."""
    off = Off(reason="Everything is off in this test of ours")
    policies = GuardrailPolicies(content=off, words=off, sensitive_information=off, grounding=off)

    assert "would stop nothing" in policies.faults()[0]


def test_parts_that_need_a_profile_are_named():
    """Both tiers and automated reasoning say that they need a cross-region profile."""
    policies = replace(
        GuardrailPolicies(),
        content=ContentPolicy(tier=Tier.STANDARD),
        topics=TopicPolicy(topics=[DeniedTopic(name="A", definition="d")], tier=Tier.STANDARD),
        automated_reasoning=AutomatedReasoning(
            policy_arns=["arn:aws:bedrock:us-east-1:111122223333:automated-reasoning-policy/abcdefghijkl:1"]
        ),
    )

    assert policies.faults() == []
    assert policies.needs_profile() == [
        "the STANDARD tier of content",
        "the STANDARD tier of topics",
        "automated_reasoning",
    ]


def test_images_are_filtered_where_asked_for():
    """A filter that reads images does so both ways."""
    rendered = ContentFilter(harm=Harm.HATE, modalities=[Modality.TEXT, Modality.IMAGE]).render()

    assert rendered["inputModalities"] == rendered["outputModalities"] == ["TEXT", "IMAGE"]


def test_every_enum_is_the_one_of_the_cloudformation_schema():
    """Our closed choices and those of the service are the same words."""
    manager = pytest.importorskip("cfnlint.schema.manager")
    schema = manager.PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::Bedrock::Guardrail").schema
    enums = {
        "PiiEntityType": PersonalDataType,
        "ContentFilterType": Harm,
        "FilterStrength": Strength,
        "Modality": Modality,
        "ContentFiltersTierName": Tier,
        "SensitiveInformationAction": Action,
    }

    for name, ours in enums.items():
        assert set(schema["definitions"][name]["enum"]) == {member.value for member in ours}, name


@pytest.mark.parametrize("name", ["Advice", "What now?", "a/b", "it's", "no\ttab", "", "Café"])
def test_a_topic_name_is_judged_as_the_schema_judges_it(name):
    """What we let pass fits the pattern of the schema, and what we refuse does not."""
    fits = re.fullmatch(r"[0-9a-zA-Z\-_ !?.]{1,100}", name) is not None

    assert (DeniedTopic(name=name, definition="d").faults(Tier.CLASSIC) == []) is fits
