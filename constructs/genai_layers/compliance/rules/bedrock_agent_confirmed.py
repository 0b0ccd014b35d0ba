"""GENAI-AGENT-05: somebody is asked before an agent changes something."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Is every action asked about, or said not to need it?"""
    groups = [mapping(each) for each in items(resource.get("ActionGroups"))]
    functions = [
        mapping(each) for group in groups for each in items(mapping(group.get("FunctionSchema")).get("Functions"))
    ]
    if not functions:
        return Answer.NOT_APPLICABLE
    return Answer.of(all(each.get("RequireConfirmation") in ("ENABLED", "DISABLED") for each in functions))


RULE = Rule(
    id="GENAI-AGENT-05",
    title="every action of a Bedrock agent says whether somebody is asked first",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Agent",),
    question=question,
    why="The default is not to ask, and an action that nobody decided about is one that an injected "
    "instruction can take.",
    fix="set RequireConfirmation of every function: ENABLED where it changes anything, DISABLED where it only reads",
    location="Properties.ActionGroups",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0053",),
        nist_ai_600_1=("Human-AI Configuration",),
        genai_lens=("GENSEC05-BP01",),
        nist_800_53=("AC-6",),
    ),
)
