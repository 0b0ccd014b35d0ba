"""A person with a long-lived access key and no second factor can do nothing but enrol one."""

import pytest

from genai_layers import testing
from genai_layers.foundation.require_mfa import RequireMfa
from genai_layers.testing import ACCOUNT, Policy, Request

pytestmark = [pytest.mark.synth, pytest.mark.tool]

ROBIN = f"arn:aws:iam::{ACCOUNT}:user/robin"
ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy as IAM sees it."""
    stack = testing.stack()
    RequireMfa(stack, "RequireMfa")
    template = testing.template(stack)
    (made,) = testing.resources(template, "AWS::IAM::ManagedPolicy").values()
    resolved: Policy = testing.Resolver(template=template).resolve(made["Properties"]["PolicyDocument"])
    return resolved


def _allowed(policy: Policy, action: str, resource: str, *, also: Policy | None = None, **context: str) -> bool:
    request = Request(
        principal=ROBIN,
        action=action,
        resource=resource,
        context={"aws:username": "robin", **{key.replace("__", ":"): value for key, value in context.items()}},
        identity_policies=[policy] if also is None else [policy, also],
    )
    return testing.evaluate([request])[0].allowed


def test_an_access_key_alone_is_worth_nothing(policy: Policy) -> None:
    """The denial also meets requests that lack the key of the second factor, even of an administrator."""
    assert not _allowed(policy, "s3:GetObject", "arn:aws:s3:::documents/a", also=ADMINISTRATOR)
    assert not _allowed(policy, "iam:CreateUser", ROBIN, also=ADMINISTRATOR)


def test_with_the_factor_the_other_policies_decide(policy: Policy) -> None:
    """It takes nothing from someone who gave a second factor, and gives nothing either."""
    given = {"aws__MultiFactorAuthPresent": "true"}

    assert _allowed(policy, "s3:GetObject", "arn:aws:s3:::documents/a", also=ADMINISTRATOR, **given)
    assert not _allowed(policy, "s3:GetObject", "arn:aws:s3:::documents/a", **given)


def test_a_device_of_ones_own_can_be_enrolled_without_the_factor(policy: Policy) -> None:
    """Otherwise nobody could ever begin; the device of someone else is out of reach."""
    device = f"arn:aws:iam::{ACCOUNT}:mfa/robin"

    assert _allowed(policy, "iam:CreateVirtualMFADevice", device)
    assert _allowed(policy, "iam:EnableMFADevice", ROBIN)
    assert not _allowed(policy, "iam:EnableMFADevice", f"arn:aws:iam::{ACCOUNT}:user/mallory")


def test_a_device_cannot_be_taken_off_without_the_factor(policy: Policy) -> None:
    """A thief with the access key cannot remove the device that locks him out."""
    assert not _allowed(policy, "iam:DeactivateMFADevice", ROBIN, also=ADMINISTRATOR)
    assert not _allowed(policy, "iam:DeleteVirtualMFADevice", f"arn:aws:iam::{ACCOUNT}:mfa/robin", also=ADMINISTRATOR)
