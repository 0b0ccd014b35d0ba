"""
Parts of a template that are not services, and are never paid for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genai_layers.cost.items import Item, Pricer, Unknown, free
from genai_layers.cost.resource import Resource


def _parameter(parameter: Resource) -> Iterable[Item]:
    if parameter.at("Tier") == "Advanced":
        return (Unknown(what="advanced parameter", reason="the catalog has no price line for this tier"),)
    return ()


LINES: Mapping[str, Pricer] = {
    "AWS::SSM::Parameter": _parameter,
    **dict.fromkeys(
        (
            "AWS::CDK::Metadata",
            "AWS::CloudFormation::CustomResource",
            "AWS::CloudFormation::Stack",
            "AWS::CloudFormation::WaitCondition",
            "AWS::CloudFormation::WaitConditionHandle",
        ),
        free,
    ),
}
