"""A key rotates, is hard to lose, and is told what it is for."""

import pytest
from aws_cdk import Duration, RemovalPolicy

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse, StorageError

pytestmark = pytest.mark.synth


def _resource(**props: object) -> dict[str, object]:
    stack = testing.stack()
    EncryptionKey(stack, "Key", description="chat data", **props)  # type: ignore[arg-type]
    (key,) = testing.resources(testing.template(stack), "AWS::KMS::Key").values()
    return key


def test_a_key_rotates_and_outlives_its_stack() -> None:
    """By default a key rotates every year, is kept, and takes thirty days to go."""
    key = _resource()

    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["Properties"]["PendingWindowInDays"] == 30
    assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"


def test_a_key_of_a_throw_away_environment_goes_soon() -> None:
    """Both the end of the key and its waiting time can be chosen."""
    key = _resource(removal_policy=RemovalPolicy.DESTROY, pending_window=Duration.days(7))

    assert key["DeletionPolicy"] == "Delete"
    assert key["Properties"]["PendingWindowInDays"] == 7


@pytest.mark.parametrize("days", [6, 31])
def test_a_window_that_kms_refuses_is_refused_here(days: int) -> None:
    """The message has the value and what is allowed."""
    with pytest.raises(StorageError, match=f"pending_window is {days} days: choose 7 to 30 days"):
        _resource(pending_window=Duration.days(days))


def test_a_use_that_comes_later_is_added_once() -> None:
    """A second stack can let its service use the key; asking twice changes nothing."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="logs", uses=[KeyUse.LOGS])

    key.allow(KeyUse.CLOUDTRAIL)
    key.allow(KeyUse.CLOUDTRAIL)

    (resource,) = testing.resources(testing.template(stack), "AWS::KMS::Key").values()
    sids = [each.get("Sid") for each in resource["Properties"]["KeyPolicy"]["Statement"]]
    assert sids == [None, "Logs", "CloudTrail", "CloudTrailDescribe"]


def test_no_statement_names_a_principal_that_may_not_exist_yet() -> None:
    """A key policy that names a role which is not there is refused, so service-linked roles are matched by ARN."""
    stack = testing.stack()
    EncryptionKey(stack, "Key", description="volumes", uses=[KeyUse.EBS_AUTOSCALING])

    (resource,) = testing.resources(testing.template(stack), "AWS::KMS::Key").values()

    _, *grants = resource["Properties"]["KeyPolicy"]["Statement"]
    assert [each["Principal"] for each in grants] == [{"AWS": "*"}] * 2
    assert all("aws:PrincipalArn" in each["Condition"]["ArnLike"] for each in grants)
