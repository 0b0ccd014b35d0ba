"""GENAI-SAGEMAKER-13: apps of Studio stop when nobody works in them, and nothing stays behind to be paid."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

_APPS = (
    ("DefaultUserSettings", "JupyterLabAppSettings"),
    ("DefaultUserSettings", "CodeEditorAppSettings"),
    ("DefaultSpaceSettings", "JupyterLabAppSettings"),
)


def question(resource: Resource, _template: Template) -> Answer:
    """Is idle shutdown on for every kind of app, in own spaces and in shared ones?"""
    stops = [
        resource.get(*where, "AppLifecycleManagement", "IdleSettings", "LifecycleManagement") == "ENABLED"
        for where in _APPS
    ]
    return Answer.of(all(stops) and resource.get("HomeEfsFileSystemCreation") == "Disabled")


RULE = Rule(
    id="GENAI-SAGEMAKER-13",
    title="apps of Studio stop when nobody works in them, and no home file system outlives the domain",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Domain",),
    question=question,
    why="An app is a machine that runs until somebody stops it; a home file system stays when its domain goes, with "
    "all that is in it, and is billed for good.",
    fix="enable IdleSettings of JupyterLab and the code editor, for users and for shared spaces, and set "
    "HomeEfsFileSystemCreation to Disabled",
    location="Properties",
    mappings=Mappings(owasp_llm=("LLM10",), nist_800_53=("AC-12", "SC-5")),
)
