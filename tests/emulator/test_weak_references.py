"""A reference between stacks is read again when the reader's revision moves (decision 0030)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tools.local_cloud.clients import Clients
from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator
_numbers = itertools.count(1)


@pytest.fixture
def make(clients: Clients) -> Iterator[Callable[[], HandmadeStack]]:
    made: list[HandmadeStack] = []

    def one() -> HandmadeStack:
        made.append(HandmadeStack(clients, f"weak-{next(_numbers)}"))
        return made[-1]

    yield one
    for stack in reversed(made):
        stack.delete()


def parameter(value: object) -> dict[str, Any]:
    return {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}}


def test_a_moved_revision_brings_the_new_value(make: Callable[[], HandmadeStack], clients: Clients) -> None:
    """The reader's own resources do not change in its template; its output does."""
    producer, reader = make(), make()
    reference = {"Fn::GetStackOutput": {"StackName": producer.name, "OutputName": "Version", "Region": "us-east-1"}}
    producer.deploy(parameter("first"), {"Version": "1"})
    reader.deploy(parameter(reference), {"Revision": "a"})
    producer.deploy(parameter("second"), {"Version": "2"})

    reader.deploy(parameter(reference), {"Revision": "b"})

    name = reader.physical_ids()["Parameter"]
    assert clients("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "2"
