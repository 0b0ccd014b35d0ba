"""A memory of AgentCore in the local cloud: made, changed in place, used, kept when its stack goes."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from botocore.exceptions import ClientError

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.platform.agents import AgentMemory, Remembered
from tools.local_cloud.layout import ACCOUNT, REGION

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = [pytest.mark.emulator, pytest.mark.synth]


def made(days: int, policy: cdk.RemovalPolicy = cdk.RemovalPolicy.DESTROY) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the resources of a stack with a memory, and the output that names it."""
    stack = cdk.Stack(testing.app(), "Live", env=cdk.Environment(account=ACCOUNT, region=REGION))
    key = EncryptionKey(stack, "Key", description="live", removal_policy=cdk.RemovalPolicy.DESTROY)
    memory = AgentMemory(
        stack,
        "Memory",
        key=key.key,
        expiry=cdk.Duration.days(days),
        remembered=[Remembered.PREFERENCES],
        removal_policy=policy,
    )
    return testing.template(stack)["Resources"], {"Memory": stack.resolve(memory.memory_id)}


def test_a_memory_is_changed_in_place_and_keeps_what_was_said(stack: HandmadeStack, clients: Clients) -> None:
    """Another expiry is no other memory."""
    first = stack.deploy(*made(30))
    said = {"conversational": {"role": "USER", "content": {"text": "I take the window seat."}}}
    clients("bedrock-agentcore").create_event(
        memoryId=first["Memory"],
        actorId="anna",
        sessionId="one",
        eventTimestamp=datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC),
        payload=[said],
    )

    second = stack.deploy(*made(60))

    memory = clients("bedrock-agentcore-control").get_memory(memoryId=second["Memory"])["memory"]
    events = clients("bedrock-agentcore").list_events(memoryId=first["Memory"], actorId="anna", sessionId="one")
    assert first == second
    assert memory["eventExpiryDuration"] == 60
    assert "key/" in memory["encryptionKeyArn"]
    assert len(events["events"]) == 1


def test_a_deleted_memory_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """Where it was asked for; the default keeps it."""
    ids = stack.deploy(*made(30))

    stack.delete()

    with pytest.raises(ClientError, match="not found"):
        clients("bedrock-agentcore-control").get_memory(memoryId=ids["Memory"])


def test_a_kept_memory_is_not_in_the_way_of_the_next_stack(stack: HandmadeStack, clients: Clients) -> None:
    """The stack goes, the memory stays, and a stack made anew makes another one beside it."""
    kept = stack.deploy(*made(30, cdk.RemovalPolicy.RETAIN))
    stack.delete()

    anew = stack.deploy(*made(30, cdk.RemovalPolicy.RETAIN))

    control = clients("bedrock-agentcore-control")
    assert kept["Memory"] != anew["Memory"]
    for each in (kept, anew):
        control.delete_memory(memoryId=each["Memory"])
