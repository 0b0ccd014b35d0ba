"""The list of rules: `GenAiChecks`."""

from genai_layers.compliance.rule import Rule
from genai_layers.compliance.rules import guardrail_key

NAME = "GenAi Checks"
"""Name of the pack, as the validation report shows it."""

VERSION = "1.0.0"
"""Version of the pack; a new rule is a minor version, a stricter one a major one."""

_RULES: tuple[Rule, ...] = (guardrail_key.RULE,)


def genai_checks() -> tuple[Rule, ...]:
    """Return every rule of the pack, in the order of their ids."""
    return _RULES
