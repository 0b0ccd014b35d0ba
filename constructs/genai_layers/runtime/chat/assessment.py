"""What a guardrail did, read from its trace: names of policies, never the text that they matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def interventions(trace: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Return the policies that acted and how, as `contentPolicy:BLOCKED`, each once and sorted.

    Args:
        trace: `trace.guardrail` of a Converse response.

    Example:
        >>> found = {"filters": [{"type": "PROMPT_ATTACK", "action": "BLOCKED"}]}
        >>> interventions({"inputAssessment": {"abc": {"contentPolicy": found}}})
        ('contentPolicy:BLOCKED',)
    """
    return tuple(
        sorted({f"{policy}:{action}" for policy, action in _actions(trace) if action in ("BLOCKED", "ANONYMIZED")})
    )


def blocked(trace: Mapping[str, Any]) -> bool:
    """Return whether any policy blocked, and did not only mask."""
    return any(action == "BLOCKED" for _, action in _actions(trace))


def _actions(trace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for assessment in _assessments(trace):
        for policy, kinds in assessment.items():
            for findings in kinds.values() if isinstance(kinds, dict) else ():
                for finding in findings if isinstance(findings, list) else ():
                    if isinstance(finding, dict) and isinstance(finding.get("action"), str):
                        yield policy, finding["action"]


def _assessments(trace: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from trace.get("inputAssessment", {}).values()
    for several in trace.get("outputAssessments", {}).values():
        yield from several
