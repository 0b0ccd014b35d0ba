"""Each rule is shown passing, failing and not applicable; each line of the table breaks one thing."""

from __future__ import annotations

from typing import Any

import pytest
from compliant_template import compliant_template
from rule_allowances import ACCEPTED
from rule_breaks import BREAKING
from template_edits import Edit, allowing, drop, put

from genai_layers.compliance import Answer, Resource, Rule, Template, check_template, genai_checks

RULES = {rule.id: rule for rule in genai_checks()}


def found(rule: Rule, template: dict[str, Any]) -> list[str]:
    return [finding.logical_id for finding in check_template(template, [rule])]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_passes_on_a_compliant_template(rule: Rule) -> None:
    """It looks at something there, and is content."""
    template = Template.parse(compliant_template())

    answers = {rule.ask(resource, template) for resource in template.resources.values()}

    assert Answer.COMPLIANT in answers
    assert Answer.NON_COMPLIANT not in answers


@pytest.mark.parametrize(("id", "sentence", "edit"), BREAKING, ids=[f"{name}: {text}" for name, text, _ in BREAKING])
def test_a_rule_fails_when_one_thing_is_broken(id: str, sentence: str, edit: Edit) -> None:
    """The rule that is named reports exactly one resource."""
    template = compliant_template()

    edit(template)

    assert len(found(RULES[id], template)) == 1, sentence


@pytest.mark.parametrize(("id", "sentence", "edit"), ACCEPTED, ids=[f"{name}: {text}" for name, text, _ in ACCEPTED])
def test_a_rule_accepts_what_is_safe_in_another_way(id: str, sentence: str, edit: Edit) -> None:
    """No rule is stricter than its sentence."""
    template = compliant_template()

    edit(template)

    assert found(RULES[id], template) == [], sentence


def test_every_rule_is_shown_failing() -> None:
    """A rule that nothing breaks proves nothing."""
    assert {name for name, _, _ in BREAKING} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_not_about_other_resources(rule: Rule) -> None:
    """It says so, rather than passing them."""
    topic = Resource(logical_id="Topic", type="AWS::SNS::Topic")

    assert rule.ask(topic, Template(resources={"Topic": topic})) is Answer.NOT_APPLICABLE


def test_a_permissions_boundary_may_be_wide() -> None:
    """It grants nothing; the same policy attached to a role is found."""
    template = compliant_template()
    allowing("*")(template)
    put(template, "Role.PermissionsBoundary", {"Ref": "Added"})

    as_boundary = found(RULES["GENAI-IAM-03"], template)
    put(template, "Role.ManagedPolicyArns", [{"Ref": "Added"}])

    assert as_boundary == []
    assert found(RULES["GENAI-IAM-03"], template) == ["Added"]


def test_an_index_that_a_knowledge_base_names_by_its_name_is_checked() -> None:
    """The store may be named instead of referred to."""
    template = compliant_template()
    drop(template, "Index.MetadataConfiguration")
    put(
        template,
        "KnowledgeBase.StorageConfiguration.S3VectorsConfiguration",
        {"VectorBucketArn": "arn:aws:s3vectors:eu-west-1:1:bucket/b", "IndexName": "passages"},
    )

    assert found(RULES["GENAI-S3VECTORS-02"], template) == ["Index"]
