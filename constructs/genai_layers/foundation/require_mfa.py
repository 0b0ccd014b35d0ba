"""A policy for the IAM users of people, who hold long-lived access keys."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation.nag import acknowledge

# The console and the CLI take these steps to enrol a device and to begin a session with it.
_ANY = ("iam:CreateVirtualMFADevice", "iam:ListVirtualMFADevices")
_OWN = ("iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "iam:ResyncMFADevice")
_FREE = ("sts:GetSessionToken",)


class RequireMfa(iam.ManagedPolicy):
    """
    Without a second factor, whoever has this policy can do nothing but enrol one.

    It is for IAM users and groups. Never attach it to a role: requests of a role session do not carry
    `aws:MultiFactorAuthPresent`, and the denial would stop them all.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new policy.

    Example:
        people.add_managed_policy(RequireMfa(self, "RequireMfa"))
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(
            scope,
            id,
            description="without a second factor, nothing but enrolling one",
            statements=[
                iam.PolicyStatement(sid="NameDevice", actions=list(_ANY), resources=["*"]),
                iam.PolicyStatement(
                    sid="EnrolOwnDevice",
                    actions=list(_OWN),
                    resources=[
                        # IAM itself fills in the name of the caller.
                        Stack.of(scope).format_arn(
                            service="iam", region="", resource="user", resource_name="${aws:username}"
                        )
                    ],
                ),
                iam.PolicyStatement(
                    sid="NothingElseWithoutMfa",
                    effect=iam.Effect.DENY,
                    not_actions=[*_ANY, *_OWN, *_FREE],
                    resources=["*"],
                    conditions={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
                ),
            ],
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            reason="A device does not exist before it is named, so naming one cannot be bound to a resource; "
            "enrolling it is bound to the caller's own user.",
        )
