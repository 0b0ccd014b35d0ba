"""The template as rules see it."""

from __future__ import annotations

import pytest

from genai_layers.compliance import Template, TemplateError, check_template
from genai_layers.compliance.template import is_intrinsic, references


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "A"}, ["A"]),
        ({"Fn::GetAtt": ["A", "Arn"]}, ["A"]),
        ({"Fn::GetAtt": "A.Arn"}, ["A"]),
        ({"Fn::Sub": "${A}-${B.Arn}-${!Literal}-${AWS::Region}"}, ["A", "B", "AWS::Region"]),
        ({"Fn::Sub": ["${A}-${x}", {"x": {"Ref": "B"}}]}, ["A", "x", "B"]),
        ({"Fn::Join": ["", ["a", {"Ref": "A"}, {"Fn::GetAtt": ["B", "Arn"]}]]}, ["A", "B"]),
        ([{"deep": [{"Fn::If": ["Condition", {"Ref": "A"}, "b"]}]}], ["A"]),
        ("Ref", []),
    ],
)
def test_references_are_found_at_any_depth(value: object, expected: list[str]) -> None:
    """Every way of naming a logical id counts, in the order of the text."""
    assert list(references(value)) == expected


def test_a_reference_leads_to_a_resource_of_the_same_template() -> None:
    """Parameters and pseudo parameters are not resources."""
    template = Template.parse({"Resources": {"A": {"Type": "AWS::SNS::Topic"}}})

    referred = template.referred({"Fn::Sub": "${A} ${Parameter} ${AWS::Region}"})

    assert [resource.logical_id for resource in referred] == ["A"]


def test_a_property_that_is_not_written_is_none() -> None:
    """However deep one asks, and whatever stands in the way."""
    template = Template.parse({"Resources": {"A": {"Type": "T", "Properties": {"B": "text"}}}})
    resource = template.resources["A"]

    assert resource.get("B") == "text"
    assert resource.get("B", "C", "D") is None
    assert resource.get("X") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "A"}, True),
        ({"Fn::If": ["c", 1, 2]}, True),
        ({"a": 1}, False),
        ({"Ref": "A", "b": 1}, False),
        ("x", False),
    ],
)
def test_an_intrinsic_function_is_recognised(value: object, expected: bool) -> None:
    """It is a mapping with one key that CloudFormation knows."""
    assert is_intrinsic(value) is expected


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Resources": []}, "'Resources' is a list, a mapping is needed"),
        ({"Resources": {"A": {}, "B": {"Type": 1}}}, "resource 'A' has no 'Type'; resource 'B' has no 'Type'"),
    ],
)
def test_what_is_no_template_is_refused(document: dict[str, object], message: str) -> None:
    """All faults at once."""
    with pytest.raises(TemplateError) as error:
        check_template(document)

    assert str(error.value) == message


def test_a_finding_reads_as_one_line() -> None:
    """What, where, and what to change."""
    (finding,) = check_template(
        {"Resources": {"Pool": {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": "k"}}}}
    )

    assert str(finding) == (
        "GENAI-LOGS-01 Pool (AWS::Logs::LogGroup) Properties.RetentionInDays: "
        "a log group has a retention: set RetentionInDays"
    )
