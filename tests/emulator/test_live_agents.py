"""A Bedrock agent and its alias in the local cloud: made, moved, held still, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from botocore.exceptions import ClientError

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.agents import ActionGroup, Agent, Parameter, Tool
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

INSTRUCTION = "You answer questions about the railway, and change nothing without being asked."
ORDER = {"order": Parameter(description="Number of the order")}
TOOLS = [Tool.reading("find_order", "Finds an order.", ORDER), Tool.writing("cancel_order", "Cancels one.", ORDER)]


def made(instruction: str = INSTRUCTION, tools: list[Tool] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the resources of a stack with an agent, and the outputs that name it."""
    stack = cdk.Stack(testing.app(), "Live", env=cdk.Environment(account=ACCOUNT, region=REGION))
    uses = [KeyUse.GUARDRAIL, KeyUse.AGENT]
    key = EncryptionKey(stack, "Key", description="live", uses=uses, removal_policy=cdk.RemovalPolicy.DESTROY)
    clerk = Agent(
        stack,
        "Clerk",
        key=key.key,
        model=FoundationModel.of(stack, "amazon.nova-lite-v1:0"),
        guardrail=Guardrail(stack, "Guardrail", key=key.key),
        instruction=instruction,
        action_groups=[ActionGroup(name="orders", tools=TOOLS if tools is None else tools)],
    )
    alias = clerk.add_alias("Live")
    outputs = {"Agent": stack.resolve(clerk.agent_id), "Alias": stack.resolve(alias.alias_id)}
    return testing.template(stack)["Resources"], outputs


def version(clients: Clients, ids: dict[str, str]) -> str:
    """Return the version that callers of the alias get."""
    alias = clients("bedrock-agent").get_agent_alias(agentId=ids["Agent"], agentAliasId=ids["Alias"])["agentAlias"]
    return str(alias["routingConfiguration"][0]["agentVersion"])


def test_an_agent_is_made_with_its_guardrail_its_key_and_its_actions(stack: HandmadeStack, clients: Clients) -> None:
    """What the service stored is what the construct said."""
    ids = stack.deploy(*made())

    agent = clients("bedrock-agent").get_agent(agentId=ids["Agent"])["agent"]
    groups = clients("bedrock-agent").list_agent_action_groups(agentId=ids["Agent"], agentVersion="DRAFT")
    assert agent["agentStatus"] == "PREPARED"
    assert agent["guardrailConfiguration"]["guardrailVersion"] == "1"
    assert "key/" in agent["customerEncryptionKeyArn"]
    assert {each["actionGroupName"] for each in groups["actionGroupSummaries"]} == {"orders", "ask"}


def test_an_alias_moves_with_its_agent_and_stays_without_a_change(stack: HandmadeStack, clients: Clients) -> None:
    """The same id for callers, a new version behind it, and none when nothing moved."""
    first = stack.deploy(*made())
    before = version(clients, first)

    second = stack.deploy(*made(f"{INSTRUCTION} Be brief."))

    moved = version(clients, second)
    said = clients("bedrock-agent").get_agent_version(agentId=first["Agent"], agentVersion=moved)["agentVersion"]
    assert first == second
    assert before != moved
    assert said["instruction"].endswith("Be brief.")


def test_a_change_that_is_rolled_back_leaves_callers_with_the_agent_as_it_was(
    stack: HandmadeStack, clients: Clients
) -> None:
    """The alias goes back with the agent; its newest version says what the first one said."""
    ids = stack.deploy(*made())
    resources, outputs = made(f"{INSTRUCTION} Be brief.")
    resources["Broken"] = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}}
    alias = next(name for name, each in resources.items() if each["Type"] == "AWS::Bedrock::AgentAlias")
    resources["Broken"]["DependsOn"] = [alias]

    with pytest.raises(StackFailedError):
        stack.deploy(resources, outputs)

    said = clients("bedrock-agent").get_agent_version(agentId=ids["Agent"], agentVersion=version(clients, ids))
    assert said["agentVersion"]["instruction"] == INSTRUCTION


def test_a_deleted_agent_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """Deleting the stack deletes alias and agent."""
    ids = stack.deploy(*made())

    stack.delete()

    with pytest.raises(ClientError, match="not found"):
        clients("bedrock-agent").get_agent(agentId=ids["Agent"])


def test_what_the_local_cloud_cannot_change_fails_loudly(stack: HandmadeStack) -> None:
    """An update that succeeds and does nothing would hide that an agent kept its old actions."""
    stack.deploy(*made())

    with pytest.raises(StackFailedError, match="cannot change ActionGroups"):
        stack.deploy(*made(tools=TOOLS[:1]))
