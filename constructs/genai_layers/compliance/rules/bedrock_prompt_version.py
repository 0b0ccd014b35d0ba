"""GENAI-PROMPT-02: a prompt has a version to be used by."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Does a version in the same template refer to the prompt?"""
    versions = template.of_type("AWS::Bedrock::PromptVersion")
    return Answer.of(any(resource in template.referred(each.get("PromptArn")) for each in versions))


RULE = Rule(
    id="GENAI-PROMPT-02",
    title="a prompt has a version that callers can pin",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Prompt",),
    question=question,
    why="Callers of the draft change behaviour with every edit, and nobody can say which words answered.",
    fix="add an AWS::Bedrock::PromptVersion that refers to the prompt, and call that version",
    location="Properties.Name",
    mappings=Mappings(
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENREL04-BP02",),
        nist_800_53=("CM-3",),
    ),
)
