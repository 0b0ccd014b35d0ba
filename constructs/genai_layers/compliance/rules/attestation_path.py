"""GENAI-KMS-03: there is no way round the attestation that a key asks for."""

from genai_layers.compliance.attestation import PREFIX, is_attested
from genai_layers.compliance.iam import Statement, actions, denied, principals
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping

_WAYS_ROUND = {"kms:creategrant", "kms:putkeypolicy"}


def question(resource: Resource, _template: Template) -> Answer:
    """Is decryption without attestation denied to everybody, and so are grants and a new policy?"""
    if not is_attested(resource):
        return Answer.NOT_APPLICABLE
    everybody = [
        statement
        for statement in denied(resource.get("KeyPolicy"))
        if statement.get("Principal") == "*" or "*" in principals(statement, "AWS")
    ]
    closed = {action for each in everybody if not each.get("Condition") for action in actions(each)}
    attested = any("kms:decrypt" in actions(each) and _without_attestation(each) for each in everybody)
    return Answer.of(attested and closed >= _WAYS_ROUND)


def _without_attestation(statement: Statement) -> bool:
    conditions = mapping(statement.get("Condition"))
    return set(conditions) == {"Null"} and any(
        key.lower().startswith(PREFIX) and value in ("true", True) for key, value in mapping(conditions["Null"]).items()
    )


RULE = Rule(
    id="GENAI-KMS-03",
    title="a key that asks for attestation has no way round it",
    severity=Severity.ERROR,
    types=("AWS::KMS::Key",),
    question=question,
    why="An allowance with a condition does not stop another allowance, a grant or a new policy by an administrator.",
    fix="deny kms:Decrypt to everybody where the attestation condition is Null, and kms:CreateGrant and "
    "kms:PutKeyPolicy to everybody, as AttestedKey does",
    location="Properties.KeyPolicy",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security", "Intellectual Property"),
        nist_800_53=("AC-3", "AC-6", "SC-12"),
    ),
)
