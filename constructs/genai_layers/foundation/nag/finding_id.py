"""The ids under which the CDK core accepts a finding: plugin, two colons, rule, and what was found."""

import difflib
import re
from dataclasses import dataclass

from genai_layers.compliance import Severity, pack
from genai_layers.foundation.nag.pack_rules import PACK_RULES

CLOUDFORMATION_CHECKS = "CloudFormation Checks"
"""Name of the template validator; "CloudFormation Validate" is the core's own, whose errors it makes warnings."""

GENAI_PLUGIN = pack.NAME.replace(" ", "-")
"""Namespace of our own pack: the core writes the spaces of a plugin's name as dashes."""

CLOUDFORMATION_PLUGIN = CLOUDFORMATION_CHECKS.replace(" ", "-")
"""Namespace of the template validator."""

_ENGINE_RULE = re.compile(r"[FEW]\d{4}")
_CLOSING = {"[": "]", "(": ")", "{": "}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingId:
    """
    One finding of one plugin.

    Attributes:
        plugin: Name of the plugin, with dashes for spaces, such as `NIST.800.53.R5`.
        rule: Rule and, for rules that have it, what was found: `AwsSolutions-IAM5[Resource::*]`.
    """

    plugin: str
    rule: str

    def __str__(self) -> str:
        """Return the id in the only form that leaves a trace in the validation report."""
        return f"{self.plugin}::{self.rule}"


def expand(finding: str) -> tuple[FindingId, ...]:
    """
    Return every id that *finding* stands for.

    Args:
        finding: A whole id (`AwsSolutions::AwsSolutions-S1`), a rule id (`AwsSolutions-S1`, `GENAI-IAM-01`,
            `E3510`), or a rule name that several packs share (`IAMNoInlinePolicy`).

    Raises:
        ValueError: The id is not balanced, or no attached pack can ever report it.

    Example:
        >>> [str(id) for id in expand("AwsSolutions-IAM5[Action::s3:*]")]
        ['AwsSolutions::AwsSolutions-IAM5[Action::s3:*]']
        >>> [id.plugin for id in expand("IAMNoInlinePolicy")]
        ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321']
    """
    _require_balance(finding)
    head, bracket, found = finding.partition("[")
    namespace, colons, rule = head.rpartition("::")
    ids = tuple(
        FindingId(plugin=known.plugin, rule=known.rule + bracket + found)
        for known in _rules_named(rule if colons else head)
        if not colons or known.plugin == namespace.replace(" ", "-")
    )
    if not ids:
        raise ValueError(_unknown(finding, head))
    return ids


def _rules_named(name: str) -> tuple[FindingId, ...]:
    if name.startswith("GENAI-"):
        rules = [rule for rule in pack.genai_checks() if rule.id == name]
        if any(rule.severity is Severity.FATAL for rule in rules):
            raise ValueError(f"{name!r} is fatal and cannot be acknowledged, as AWS refuses it: {rules[0].fix}")
        return tuple(FindingId(plugin=GENAI_PLUGIN, rule=rule.id) for rule in rules)
    if _ENGINE_RULE.fullmatch(name):
        return (FindingId(plugin=CLOUDFORMATION_PLUGIN, rule=name),)
    return tuple(
        FindingId(plugin=prefix, rule=f"{prefix}-{rule}")
        for prefix, rules in PACK_RULES.items()
        for rule in (name.removeprefix(f"{prefix}-"),)
        if rule in rules
    )


def _require_balance(finding: str) -> None:
    expected: list[str] = []
    for character in finding:
        if character in _CLOSING:
            expected.append(_CLOSING[character])
        elif character in _CLOSING.values() and (not expected or expected.pop() != character):
            raise ValueError(f"{finding!r} has a {character!r} that closes nothing: copy the id from the report")
    if expected:
        raise ValueError(f"{finding!r} lacks a closing {expected[-1]!r}: copy the id from the report")


def _unknown(finding: str, head: str) -> str:
    name = head.rpartition("::")[2]
    every = [rule.id for rule in pack.genai_checks()]
    for prefix, rules in PACK_RULES.items():
        every += [f"{prefix}-{rule}" for rule in rules]
        every += rules
    close = difflib.get_close_matches(name, every, n=3)
    hint = f"did you mean {', '.join(close)}" if close else "copy the id from the report"
    return f"{finding!r} is no rule of {', '.join((*PACK_RULES, GENAI_PLUGIN, CLOUDFORMATION_PLUGIN))}: {hint}"
