"""GENAI-STATES-01: a state machine that starts jobs on Bedrock names the key of what they make."""

import json
from collections.abc import Iterator, Mapping

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, flat, mapping, text

_KEYS = {
    "createevaluationjob": ("CustomerEncryptionKeyId",),
    "createmodelcustomizationjob": ("CustomModelKmsKeyId",),
    "createmodelimportjob": ("ImportedModelKmsKeyId",),
    "createmodelinvocationjob": ("OutputDataConfig", "S3OutputDataConfig", "S3EncryptionKeyId"),
}
"""Operations, in lower case, and where their requests name the key."""


def question(resource: Resource, _template: Template) -> Answer:
    """Does every task that starts a job say which key encrypts what it makes?"""
    tasks = [
        (path, mapping(state.get("Parameters") or state.get("Arguments")))
        for state in _states(_definition(resource))
        if (path := _KEYS.get(_operation(state))) is not None
    ]
    return Answer.of(all(_names(request, *path) for path, request in tasks)) if tasks else Answer.NOT_APPLICABLE


def _definition(resource: Resource) -> object:
    definition = resource.get("DefinitionString")
    if definition is None:
        return resource.get("Definition")
    try:
        return json.loads(flat(definition))
    except ValueError:
        return None


def _states(value: object) -> Iterator[Mapping[str, object]]:
    """Yield every state, those of maps and of parallel branches included."""
    if isinstance(value, Mapping):
        if "Resource" in value:
            yield value
        for inner in value.values():
            yield from _states(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _states(inner)


def _operation(state: Mapping[str, object]) -> str:
    words = (text(state.get("Resource")) or "").lower().split(":")
    return words[-1].partition(".")[0] if "bedrock" in words else ""


def _names(request: Mapping[str, object], *path: str) -> bool:
    *outer, last = path
    for name in outer:
        request = mapping(request.get(name))
    return bool(request.get(last) or request.get(f"{last}.$"))


RULE = Rule(
    id="GENAI-STATES-01",
    title="a state machine that starts jobs on Bedrock names the key of what they make",
    severity=Severity.ERROR,
    types=("AWS::StepFunctions::StateMachine",),
    question=question,
    why="Models, marks and answers hold what the training data held; under a key of the service nobody can take "
    "them away from a reader, or see who read.",
    fix="name a customer-managed key in the request: ImportedModelKmsKeyId, CustomModelKmsKeyId, "
    "CustomerEncryptionKeyId or S3EncryptionKeyId",
    location="Properties.DefinitionString",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM04"),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("SC-12", "SC-28(1)"),
    ),
)
