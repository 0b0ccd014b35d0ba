"""A flow, its prompt and its aliases in the local cloud: made, moved, held still, rolled back, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from botocore.exceptions import ClientError

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.flows import AskPrompt, Flow, FlowDefinition, input_node, output_node
from genai_layers.platform.prompts import Prompt, PromptFile
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

WORDS = "Answer {{question}}."


def made(words: str = WORDS) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the resources of a stack with a flow, and the outputs that name it."""
    stack = cdk.Stack(testing.app(), "Live", env=cdk.Environment(account=ACCOUNT, region=REGION))
    uses = [KeyUse.GUARDRAIL, KeyUse.AGENT]
    key = EncryptionKey(stack, "Key", description="live", uses=uses, removal_policy=cdk.RemovalPolicy.DESTROY).key
    model = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
    prompt = Prompt(stack, "Words", key=key, prompt=PromptFile(text=words, description="Answers"), model=model)
    answer = AskPrompt(prompt=prompt, guardrail=Guardrail(stack, "Guardrail", key=key)).node("Answer")
    definition = FlowDefinition(
        [input_node("Question"), answer, output_node("Told")],
        ["Question.document -> Answer.question", "Answer.modelCompletion -> Told.document"],
    )
    flow = Flow(stack, "Flow", key=key, definition=definition)
    live, gated = flow.add_alias("Live"), flow.add_gated_alias("Gated")
    outputs = {"Flow": flow.flow_id, "Live": live.alias_id, "Gated": gated.alias_id, "Prompt": prompt.prompt_arn}
    return testing.template(stack)["Resources"], {name: stack.resolve(value) for name, value in outputs.items()}


def version(clients: Clients, ids: dict[str, str], alias: str = "Live") -> str:
    """Return the version that callers of an alias get."""
    told = clients("bedrock-agent").get_flow_alias(flowIdentifier=ids["Flow"], aliasIdentifier=ids[alias])
    return str(told["routingConfiguration"][0]["flowVersion"])


def prompt_of(clients: Clients, ids: dict[str, str], number: str) -> str:
    """Return which version of the prompt a version of the flow runs."""
    told = clients("bedrock-agent").get_flow_version(flowIdentifier=ids["Flow"], flowVersion=number)
    (settings,) = [node["configuration"]["prompt"] for node in told["definition"]["nodes"] if node["type"] == "Prompt"]
    return str(settings["sourceConfiguration"]["resource"]["promptArn"])


def test_a_flow_is_made_with_its_nodes_its_key_and_its_guardrail(stack: HandmadeStack, clients: Clients) -> None:
    """What the service stored is what the construct said."""
    ids = stack.deploy(*made())

    flow = clients("bedrock-agent").get_flow(flowIdentifier=ids["Flow"])

    (asked,) = [each for each in flow["definition"]["nodes"] if each["type"] == "Prompt"]
    assert flow["status"] == "Prepared"
    assert "key/" in flow["customerEncryptionKeyArn"]
    assert asked["configuration"]["prompt"]["guardrailConfiguration"]["guardrailVersion"] == "1"
    assert (version(clients, ids), version(clients, ids, "Gated")) == ("1", "1")


def test_an_alias_moves_with_the_words_of_a_prompt_and_a_gated_one_does_not(
    stack: HandmadeStack, clients: Clients
) -> None:
    """The prompt's version moves, so the flow's does; the old one stays for whoever is on it."""
    ids = stack.deploy(*made())

    resources, outputs = made()
    beside = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "beside"}}
    stack.deploy({**resources, "Beside": beside}, outputs)
    unmoved = version(clients, ids)
    moved = stack.deploy(*made(f"{WORDS} Be brief."))

    assert (unmoved, version(clients, moved), version(clients, moved, "Gated")) == ("1", "2", "1")
    assert prompt_of(clients, ids, "1").endswith(":1")
    assert prompt_of(clients, ids, "2").endswith(":2")
    assert ids == moved


def test_a_change_that_is_rolled_back_leaves_callers_with_the_flow_as_it_was(
    stack: HandmadeStack, clients: Clients
) -> None:
    """The alias goes back to a version that runs the words from before."""
    ids = stack.deploy(*made())
    resources, outputs = made(f"{WORDS} Be brief.")
    alias = next(name for name, each in resources.items() if each["Type"] == "AWS::Bedrock::FlowAlias")
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}, "DependsOn": [alias]}

    with pytest.raises(StackFailedError):
        stack.deploy({**resources, "Broken": broken}, outputs)

    assert prompt_of(clients, ids, version(clients, ids)).endswith(":1")


def test_a_job_moves_a_gated_alias_and_the_next_deploy_leaves_it_there(stack: HandmadeStack, clients: Clients) -> None:
    """Its routing in the template never changes, so CloudFormation never writes it again."""
    stack.deploy(*made())
    ids = stack.deploy(*made(f"{WORDS} Be brief."))
    flows = clients("bedrock-agent")
    name = flows.get_flow_alias(flowIdentifier=ids["Flow"], aliasIdentifier=ids["Gated"])["name"]
    flows.update_flow_alias(
        flowIdentifier=ids["Flow"],
        aliasIdentifier=ids["Gated"],
        name=name,
        routingConfiguration=[{"flowVersion": "2"}],
    )

    stack.deploy(*made(f"{WORDS} Be very brief."))

    assert (version(clients, ids), version(clients, ids, "Gated")) == ("3", "2")


def test_a_deleted_flow_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """Deleting the stack deletes aliases, flow and prompt."""
    ids = stack.deploy(*made())

    stack.delete()

    with pytest.raises(ClientError, match="not found"):
        clients("bedrock-agent").get_flow(flowIdentifier=ids["Flow"])
    with pytest.raises(ClientError, match="not found"):
        clients("bedrock-agent").get_prompt(promptIdentifier=ids["Prompt"].rpartition("/")[2])
