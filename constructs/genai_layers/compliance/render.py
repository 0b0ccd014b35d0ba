"""The page of all rules."""

from collections.abc import Mapping

from genai_layers.compliance.frameworks import GENAI_LENS, MITRE_ATLAS, NIST_800_53, OWASP_LLM
from genai_layers.compliance.pack import NAME, VERSION, genai_checks
from genai_layers.compliance.rule import Rule

_HEAD = """\
# Rules

The rules of `{name}` {version}, generated from the rules themselves by `genai_layers.compliance.render`.
An `error` stops the synth until it is fixed or acknowledged beside the resource.
A `fatal` finding is something that AWS would refuse, so it cannot be acknowledged.

| id | what must hold | severity | resources |
| --- | --- | --- | --- |
"""


def rules_page() -> str:
    """Return `docs/rules.md`: a table of all rules, then why, fix and mappings of each."""
    rules = genai_checks()
    head = _HEAD.format(name=NAME, version=VERSION)
    return head + "\n".join((*map(_row, rules), "", *map(_section, rules)))


def _row(rule: Rule) -> str:
    types = "<br>".join(f"`{type_}`" for type_ in rule.types)
    return f"| [{rule.id}](#{rule.id.lower()}) | {rule.title} | {rule.severity} | {types} |"


def _section(rule: Rule) -> str:
    mappings = rule.mappings
    lines = [
        f"## {rule.id}",
        "",
        f"{rule.title[0].upper()}{rule.title[1:]}.",
        "",
        f"- Why: {rule.why}",
        f"- Fix: {rule.fix}.",
        *_mapped("OWASP LLM 2025", mappings.owasp_llm, OWASP_LLM),
        *_mapped("MITRE ATLAS", mappings.mitre_atlas, MITRE_ATLAS),
        *_mapped("NIST AI 600-1", mappings.nist_ai_600_1, {}),
        *_mapped("AWS Generative AI Lens", mappings.genai_lens, GENAI_LENS),
        *_mapped("NIST 800-53", mappings.nist_800_53, NIST_800_53),
        "",
    ]
    return "\n".join(lines)


def _mapped(framework: str, ids: tuple[str, ...], names: Mapping[str, str]) -> list[str]:
    if not ids:
        return []
    return [f"- {framework}: " + ", ".join(f"{id_} {names.get(id_, '')}".strip() for id_ in ids)]


if __name__ == "__main__":
    import sys

    sys.stdout.write(rules_page())
