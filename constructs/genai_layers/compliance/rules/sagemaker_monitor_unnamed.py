"""GENAI-SAGEMAKER-16: a job definition has no name of its own."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.rules.sagemaker_monitor_job import RULE as JOB
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the name left to CloudFormation?"""
    return Answer.of(resource.get("JobDefinitionName") in (None, {"Ref": "AWS::NoValue"}))


RULE = Rule(
    id="GENAI-SAGEMAKER-16",
    title="definitions of monitoring jobs leave their name to CloudFormation",
    severity=Severity.ERROR,
    types=JOB.types,
    question=question,
    why="All of a definition is create-only: with a name of its own the new one collides with the old, and the "
    "schedule keeps watching by the old baseline.",
    fix="leave JobDefinitionName out",
    location="Properties.JobDefinitionName",
    mappings=Mappings(nist_800_53=("CM-3", "CM-6")),
)
