"""The roles of people as IAM sees them, and the calls that are tried with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.foundation import AccessControl
from genai_layers.testing import ACCOUNT, Request

ROLES = ("Operator", "DataScientist", "Auditor", "BreakGlass")
PERSON = f"arn:aws:iam::{ACCOUNT}:user/robin"
ASSUME = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
FRESH = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
"""What every key of ours begins with: IAM policies decide."""
NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
TITAN_EMBED = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
GUARDED = {"bedrock__GuardrailIdentifier": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/abc"}


@dataclass(frozen=True, kw_only=True)
class Access:
    """The roles of a stack as IAM sees them."""

    template: testing.Template
    ids: Mapping[str, str]

    def arn(self, role: str) -> str:
        """Return the ARN of a role."""
        return testing.Resolver(template=self.template).arn(self.ids[role])

    def opening(self, role: str, context: Mapping[str, str]) -> Request:
        """Return a person's attempt to take on *role*."""
        return Request(
            principal=PERSON,
            action="sts:AssumeRole",
            resource=self.arn(role),
            context=context,
            identity_policies=[ASSUME],
            resource_policy=testing.trust_of(self.template, self.ids[role]),
        )

    def doing(self, role: str, action: str, resource: str, **context: str) -> Request:
        """Return a call within a session of *role*, which carries no sign of the second factor; `__` is a colon."""
        return Request(
            principal=self.arn(role),
            action=action,
            resource=resource,
            context={key.replace("__", ":"): value for key, value in context.items()},
            identity_policies=testing.policies_of(self.template, self.ids[role]),
            boundary=testing.boundary_of(self.template, self.ids[role]),
            resource_policy=KEY_POLICY if action.startswith("kms:") else None,
        )


def ids_of(stack: Stack, access: AccessControl) -> dict[str, str]:
    """Return the logical ids of the roles by name."""
    return {name: stack.get_logical_id(role.node.default_child) for name, role in access.roles.items()}


def access_control(stack: Stack, **props: object) -> AccessControl:
    """Return roles that trust the account, with a second factor of at most an hour ago."""
    given = {"trusted": [iam.AccountRootPrincipal()], "mfa_max_age": Duration.hours(1)}
    return AccessControl(stack, "Access", **{**given, **props})  # type: ignore[arg-type]


def access_of(**props: object) -> Access:
    """Return what IAM sees of such roles."""
    stack = testing.stack()
    ids = ids_of(stack, access_control(stack, **props))
    return Access(template=testing.template(stack), ids=ids)


def allowed(*requests: Request) -> list[bool]:
    """Return, for each request, whether it goes through."""
    return [decision.allowed for decision in testing.evaluate(requests)]
