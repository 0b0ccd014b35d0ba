"""Rules over CloudFormation templates, with the standard library alone."""

from genai_layers.compliance.check import check_template
from genai_layers.compliance.errors import TemplateError
from genai_layers.compliance.findings import Finding
from genai_layers.compliance.pack import genai_checks
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

__all__ = [
    "Answer",
    "Finding",
    "Mappings",
    "Resource",
    "Rule",
    "Severity",
    "Template",
    "TemplateError",
    "check_template",
    "genai_checks",
]
