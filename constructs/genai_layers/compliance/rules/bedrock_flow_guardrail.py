"""GENAI-FLOW-03: where a model answers in a flow, a guardrail judges."""

from collections.abc import Iterator, Mapping
from typing import Any

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Has every node that runs a model a guardrail, in a version that does not move?"""
    definition = resource.get("Definition")
    if not isinstance(definition, Mapping):
        # What lies in a bucket or in a text of its own cannot be looked at, and would let anything through.
        return Answer.of(False)
    return Answer.of(all(_is_guarded(settings) for settings in _answering(definition)))


def _answering(definition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for node in definition.get("Nodes") or []:
        settings = node.get("Configuration") or {}
        if "Prompt" in settings:
            yield settings["Prompt"]
        if "ModelId" in settings.get("KnowledgeBase", {}):
            yield settings["KnowledgeBase"]
        if "Loop" in settings:
            yield from _answering(settings["Loop"].get("Definition") or {})


def _is_guarded(settings: Mapping[str, Any]) -> bool:
    guardrail = settings.get("GuardrailConfiguration") or {}
    version = guardrail.get("GuardrailVersion")
    return bool(guardrail.get("GuardrailIdentifier")) and version not in (None, "", "DRAFT")


RULE = Rule(
    id="GENAI-FLOW-03",
    title="every node of a flow that runs a model has a guardrail in a numbered version",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Flow",),
    question=question,
    why="A flow hands the words of people and of documents from model to model; nothing else looks at them between.",
    fix="write the flow in Definition, and set GuardrailConfiguration of each prompt node, and of each knowledge base "
    "node with a model, to a guardrail and the number of a version",
    location="Properties.Definition",
    mappings=Mappings(
        owasp_llm=("LLM01", "LLM06"),
        mitre_atlas=("AML.T0051", "AML.T0054"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC02-BP01",),
        nist_800_53=("SI-10", "SI-15"),
    ),
)
