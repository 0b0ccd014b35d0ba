"""What tests of applications beside the chat share: what they stand on, and requests of their roles."""

from __future__ import annotations

from typing import Any

from genai_layers import testing
from genai_layers.testing import Request, Resolver, Template, policies_of, resources
from tests.unit.application.conftest import Estate


def make_stage(estate: Estate) -> dict[str, Any]:
    """Return what every application on *estate* is given."""
    return {
        "vpc": estate.network.vpc,
        "key": estate.data_key.key,
        "log_key": estate.log_key.key,
        "guardrail": estate.guardrail,
        "api": estate.api,
    }


def named(template: Template, type: str, prefix: str) -> tuple[str, dict[str, Any]]:
    """Return the one resource of a type whose id begins with *prefix*."""
    (found,) = [(name, one) for name, one in resources(template, type).items() if name.startswith(prefix)]
    return found


def environment_of(template: Template, prefix: str) -> dict[str, str]:
    """Return the environment of a function, references resolved."""
    _, function = named(template, "AWS::Lambda::Function", prefix)
    variables: dict[str, str] = Resolver(template=template).resolve(function["Properties"]["Environment"]["Variables"])
    return variables


class Asker:
    """
    Builds requests of an application's role.

    Args:
        template: The template.
        id: Id of the application.
    """

    def __init__(self, template: Template, id: str) -> None:
        self.template = template
        self.resolver = Resolver(template=template)
        role, _ = named(template, "AWS::IAM::Role", f"{id}FunctionRole")
        self.policies = policies_of(template, role, self.resolver)
        self.principal = f"arn:aws:sts::{testing.ACCOUNT}:assumed-role/{role}/assistant"
        self.table = self.resolver.arn(named(template, "AWS::DynamoDB::Table", f"{id}Ledger")[0])
        self.guardrail = self.resolver.arn(named(template, "AWS::Bedrock::Guardrail", "Guardrail")[0])

    def may(self, action: str, resource: str, **context: Any) -> Request:
        """Return a request for *action* on *resource*."""
        return Request(
            principal=self.principal,
            action=action,
            resource=resource,
            context=context,
            identity_policies=self.policies,
            resource_account=testing.ACCOUNT,
        )
