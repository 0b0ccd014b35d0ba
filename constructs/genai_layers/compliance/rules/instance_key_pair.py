"""GENAI-EC2-07: nobody logs in to a machine with a key pair."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the machine started without a key pair?"""
    path = ("KeyName",) if resource.type == "AWS::EC2::Instance" else ("LaunchTemplateData", "KeyName")
    return Answer.of(resource.get(*path) in (None, {"Ref": "AWS::NoValue"}))


RULE = Rule(
    id="GENAI-EC2-07",
    title="a machine has no key pair to log in with",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    question=question,
    why="A private key has no second factor, no end and no log; whoever holds it reads weights and API key of every "
    "machine that was started with it.",
    fix="leave KeyName out, and let people in by Session Manager with a session document that keeps what they do",
    location="Properties.LaunchTemplateData.KeyName",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0055",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
