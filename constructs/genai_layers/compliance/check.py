"""Asking the rules about a template; works on any CloudFormation, not only on ours."""

from collections.abc import Mapping, Sequence

from genai_layers.compliance.findings import Finding
from genai_layers.compliance.pack import genai_checks
from genai_layers.compliance.rule import Answer, Rule
from genai_layers.compliance.template import Template


def check_template(document: Mapping[str, object], rules: Sequence[Rule] | None = None) -> list[Finding]:
    """
    Return what *rules* find in a template, in the order of the rules and of the template.

    Args:
        document: A template as parsed from its JSON.
        rules: Rules to ask. Default: all of the pack.

    Raises:
        TemplateError: *document* is no template.

    Example:
        >>> [finding.rule.id for finding in check_template({"Resources": {}})]
        []
    """
    template = Template.parse(document)
    return [
        Finding(rule=rule, logical_id=resource.logical_id, resource_type=resource.type)
        for rule in (genai_checks() if rules is None else rules)
        for resource in template.of_type(*rule.types)
        if rule.ask(resource, template) is Answer.NON_COMPLIANT
    ]
