"""GENAI-KMS-01: a key is not open to everyone."""

from genai_layers.compliance.iam import allowed, principals
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does no statement of the key policy let everybody in without a condition?"""
    return Answer.of(
        not any(
            "*" in principals(statement, "AWS") and not statement.get("Condition")
            for statement in allowed(resource.get("KeyPolicy"))
        )
    )


RULE = Rule(
    id="GENAI-KMS-01",
    title="a key policy names whom it lets in",
    severity=Severity.ERROR,
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    question=question,
    why="With the principal * and no condition, every AWS account may use the key on what it can reach.",
    fix="name the principal, or add a condition such as kms:CallerAccount or kms:ViaService",
    location="Properties.KeyPolicy",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("AC-3", "SC-12"),
    ),
)
