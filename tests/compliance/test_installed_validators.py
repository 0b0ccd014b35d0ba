"""What we wrote down about the packages we stand on, compared with the packages that are installed."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

import cloudformation_validate
import pytest
from cloudformation_validate import CompositeEngine, Severity, TemplateContent, ValidateConfig

from genai_layers.foundation.nag.pack_rules import PACK_RULES

SITE_PACKAGES = Path(cloudformation_validate.__file__).parents[1]

NEW_TYPES = (
    "AWS::BedrockAgentCore::ConsentPortal",
    "AWS::EC2::IpamInternetRegistryAssociation",
    "AWS::EC2::SecondaryNetwork",
    "AWS::Lambda::WebFunction",
    "AWS::ObservabilityAdmin::DatasetIntegration",
    "AWS::SecurityAgent::Integration",
)
"""Some that aws-cdk-lib 2.275 makes and that its built-in validator takes for unknown."""


def installed_rules() -> dict[str, frozenset[str]]:
    """Rule names by pack prefix, read off the source of cdk-nag that jsii loads."""
    (archive,) = (SITE_PACKAGES / "cdk_nag" / "_jsii").glob("*.tgz")
    found: dict[str, frozenset[str]] = {}
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            source = package.extractfile(member) if re.search(r"/lib/packs/[\w-]+\.js$", member.name) else None
            if source is not None:
                text = source.read().decode()
                prefix = re.search(r"this\.packName = '([^']+)'", text)
                assert prefix
                found[prefix.group(1)] = frozenset(map(_suffix, text.split("this.applyRule(")[1:]))
    return found


def _suffix(call: str) -> str:
    match = re.search(r"ruleSuffixOverride: '(\w+)'", call) or re.search(r"rule: \w+\.(\w+)", call)
    assert match
    return match.group(1)


@pytest.mark.parametrize("prefix", PACK_RULES)
def test_the_rule_names_of_a_pack_are_those_of_the_installed_one(prefix: str) -> None:
    """Else an acknowledgement would be refused that cdk-nag knows, or taken that it does not."""
    assert PACK_RULES[prefix] == installed_rules()[prefix]


def test_the_validator_knows_the_types_that_the_cdk_makes() -> None:
    """An unknown type would be a false alarm that nobody can fix."""
    resources = {f"R{number}": {"Type": name} for number, name in enumerate(NEW_TYPES)}
    template = TemplateContent(json.dumps({"Resources": resources}), "new.json")

    report = CompositeEngine().validate_template(template, ValidateConfig(severity_level=Severity.WARN))

    assert [diagnostic.message for diagnostic in report.diagnostics if diagnostic.rule_id == "F3006"] == []
