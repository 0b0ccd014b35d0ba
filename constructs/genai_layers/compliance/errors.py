"""What can be wrong with the input of the rules."""


class TemplateError(ValueError):
    """The document given is no CloudFormation template."""
