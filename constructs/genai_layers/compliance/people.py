"""Who among the principals of a trust policy is a person."""

from genai_layers.compliance.iam import Statement, principals
from genai_layers.compliance.template import Template


def trusts_people(statement: Statement, template: Template) -> bool:
    """
    Return whether a statement lets people in: an account, a user, or everybody.

    A role is a machine here, named by its ARN or by reference: a second factor does not travel
    from one role to the next.
    """
    return any(_is_person(principal, template) for principal in principals(statement, "AWS"))


def _is_person(principal: object, template: Template) -> bool:
    roles = [resource for resource in template.referred(principal) if resource.type == "AWS::IAM::Role"]
    return not roles and ":role/" not in str(principal) and ":assumed-role/" not in str(principal)
