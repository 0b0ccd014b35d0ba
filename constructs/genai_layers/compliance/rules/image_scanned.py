"""GENAI-ECR-01: an image is scanned when it is pushed."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items


def question(resource: Resource, template: Template) -> Answer:
    """Does the repository, or the registry around it, scan what is pushed?"""
    around = template.of_type("AWS::ECR::RegistryScanningConfiguration")
    own = resource.get("ImageScanningConfiguration", "ScanOnPush") in (True, "true")
    return Answer.of(own or any(items(each.get("Rules")) for each in around))


RULE = Rule(
    id="GENAI-ECR-01",
    title="an image is scanned when it is pushed",
    severity=Severity.ERROR,
    types=("AWS::ECR::Repository",),
    question=question,
    why="An engine is a few gigabytes of other people's code that reads weights and prompts; known holes in it show "
    "only when somebody looks.",
    fix="set ImageScanningConfiguration.ScanOnPush to true, or configure scanning for the registry",
    location="Properties.ImageScanningConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM03",),
        mitre_atlas=("AML.T0010",),
        nist_ai_600_1=("Value Chain and Component Integration",),
        nist_800_53=("RA-5",),
    ),
)
