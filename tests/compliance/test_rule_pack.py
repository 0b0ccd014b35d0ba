"""The pack as a whole: ids, severities, mappings, the page of rules, and the shape of its files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from genai_layers.compliance import Rule, Severity, genai_checks, rules
from genai_layers.compliance.frameworks import GENAI_LENS, MITRE_ATLAS, NIST_800_53, NIST_AI_600_1, OWASP_LLM
from genai_layers.compliance.render import rules_page

ROOT = Path(__file__).resolve().parents[2]
each_rule = pytest.mark.parametrize("rule", genai_checks(), ids=lambda rule: rule.id)


def test_ids_are_unique_and_in_order() -> None:
    """An id is stable for ever, so it is never used twice."""
    ids = [rule.id for rule in genai_checks()]

    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"GENAI-[A-Z0-9]+-\d\d", each) for each in ids)


@each_rule
def test_a_severity_is_one_that_the_core_takes_for_a_failure(rule: Rule) -> None:
    """Any other word lets findings pass after the first acknowledgement."""
    assert rule.severity.value in ("error", "fatal")


@each_rule
def test_a_rule_says_why_and_what_to_change(rule: Rule) -> None:
    """The message is the product: a sentence for the reason, a phrase for the fix."""
    assert rule.why.endswith(".")
    assert not rule.fix.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.location.startswith("Properties")


@each_rule
def test_a_rule_is_mapped_to_entries_that_exist(rule: Rule) -> None:
    """Every id stands in its catalogue, and every rule in at least one of NIST 800-53."""
    mappings = rule.mappings

    assert set(mappings.owasp_llm) <= set(OWASP_LLM)
    assert set(mappings.mitre_atlas) <= set(MITRE_ATLAS)
    assert set(mappings.nist_ai_600_1) <= set(NIST_AI_600_1)
    assert set(mappings.genai_lens) <= set(GENAI_LENS)
    assert set(mappings.nist_800_53) <= set(NIST_800_53)
    assert mappings.nist_800_53


def test_a_file_of_the_rules_folder_is_a_rule_of_the_pack() -> None:
    """None is forgotten in the list."""
    files = {path.stem for path in Path(rules.__path__[0]).glob("*.py")} - {"__init__"}
    listed = {rule.question.__module__.rpartition(".")[2] for rule in genai_checks()}

    assert listed == files


def test_a_fatal_rule_is_about_what_aws_refuses() -> None:
    """Fatal findings cannot be acknowledged, so none of them may be a matter of opinion."""
    fatal = [rule for rule in genai_checks() if rule.severity is Severity.FATAL]

    assert fatal
    assert all("refuses" in rule.why for rule in fatal)


def test_the_page_of_rules_is_current() -> None:
    """`python -m genai_layers.compliance.render > docs/rules.md` after a change."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_page()
