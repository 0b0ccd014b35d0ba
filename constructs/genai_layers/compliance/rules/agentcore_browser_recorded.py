"""GENAI-AGENTCORE-08: a browser of agents is recorded."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Are sessions recorded into a bucket? (Security Hub: BedrockAgentCore.6)"""
    recording = resource.get("RecordingConfig", "Enabled") is True
    return Answer.of(recording and bool(resource.get("RecordingConfig", "S3Location", "Bucket")))


RULE = Rule(
    id="GENAI-AGENTCORE-08",
    title="the sessions of a browser of agents are recorded",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::BrowserCustom",),
    question=question,
    why="Without a recording nobody can say what an agent did in somebody's name; "
    "Security Hub asks the same as BedrockAgentCore.6.",
    fix="set RecordingConfig.Enabled to true and RecordingConfig.S3Location to a bucket",
    location="Properties.RecordingConfig",
    mappings=Mappings(
        owasp_llm=("LLM06",), mitre_atlas=("AML.T0053",), genai_lens=("GENSEC03-BP01",), nist_800_53=("AU-11",)
    ),
)
