"""GENAI-KNOWLEDGE-07: the policies of OpenSearch Serverless open nothing to the internet and name our key."""

import json

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, flat, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does the policy name one of our keys, or let nobody in from the internet?"""
    try:
        policy = json.loads(flat(resource.get("Policy")))
    except ValueError:
        return Answer.NON_COMPLIANT
    rules = [mapping(rule) for rule in items(policy)]
    match resource.get("Type"):
        case "encryption":
            return Answer.of(all(rule.get("KmsARN") and not rule.get("AWSOwnedKey") for rule in rules))
        case "network":
            return Answer.of(not any(rule.get("AllowFromPublic") for rule in rules))
    return Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-KNOWLEDGE-07",
    title="a collection of OpenSearch Serverless is encrypted with a customer-managed key and closed to the internet",
    severity=Severity.ERROR,
    types=("AWS::OpenSearchServerless::SecurityPolicy",),
    question=question,
    why="A collection holds the text of documents and their vectors; both decisions are made by policies beside it, "
    "and the key cannot be changed later.",
    fix="give the policy of type encryption the KmsARN of a customer-managed key, and the one of type network "
    "SourceServices or SourceVPCEs in place of AllowFromPublic",
    location="Properties.Policy",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM08"),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP02", "GENSEC01-BP03"),
        nist_800_53=("AC-4", "SC-7", "SC-12", "SC-13", "SC-28(1)"),
    ),
)
