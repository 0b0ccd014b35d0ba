"""
What an account still holds of an environment, after it was destroyed.

Calls, all read-only: GetResources of the Resource Groups Tagging API, DescribeStacks, DescribeKey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

ENVIRONMENT_TAG = "genai-layers:environment"
"""On every resource of the app that takes tags (`stacks/environment_stack.py`)."""

_STACK_TAG = "genai-layers:stack"
_OF_CLOUDFORMATION = "aws:cloudformation:stack-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """
    A resource that still stands.

    Attributes:
        arn: The resource.
        stack: Part of the app that it belonged to, as in `security`.
        is_of_a_living_stack: Whether its stack stands too; it then goes with that.
        goes_at: When it is deleted by itself, as a key is that waits; None where it stays.
    """

    arn: str
    stack: str
    is_of_a_living_stack: bool
    goes_at: datetime | None = None

    @property
    def stays(self) -> bool:
        """Whether somebody has to delete it, if nobody wants it any longer."""
        return not self.is_of_a_living_stack and self.goes_at is None


def leftovers(environment: str, client: Callable[[str], Any]) -> tuple[Leftover, ...]:
    """
    Return what stands of *environment* in a region, in order of name.

    The Tagging API is told of a deletion a while later, so what went a moment ago may still be listed; it never
    lists what takes no tags, such as a log group's subscription or the policy of a bucket, which cost nothing.

    Args:
        environment: Name of the environment.
        client: Makes the client of a service in its region, with credentials that may read.
    """
    pages = (
        client("resourcegroupstaggingapi")
        .get_paginator("get_resources")
        .paginate(TagFilters=[{"Key": ENVIRONMENT_TAG, "Values": [environment]}])
    )
    found = {
        one["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]}
        for page in pages
        for one in page["ResourceTagMappingList"]
    }
    living = set(_living(found.values(), client("cloudformation")))
    keys = client("kms")
    return tuple(
        Leftover(
            arn=arn,
            stack=tags.get(_STACK_TAG, ""),
            is_of_a_living_stack=tags.get(_OF_CLOUDFORMATION) in living,
            goes_at=_goes_at(arn, keys),
        )
        for arn, tags in sorted(found.items())
    )


def _living(found: Iterable[Mapping[str, str]], cloudformation: Any) -> Iterator[str]:
    for stack in sorted({tags[_OF_CLOUDFORMATION] for tags in found if _OF_CLOUDFORMATION in tags}):
        try:
            (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            # So it says of a stack that was deleted long ago, which it knows no longer.
            if error.response["Error"]["Code"] == "ValidationError":
                continue
            raise
        if described["StackStatus"] != "DELETE_COMPLETE":
            yield stack


def _goes_at(arn: str, keys: Any) -> datetime | None:
    if arn.split(":")[2] != "kms" or ":key/" not in arn:
        return None
    at: datetime | None = keys.describe_key(KeyId=arn)["KeyMetadata"].get("DeletionDate")
    return at
