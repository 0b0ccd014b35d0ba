"""Bedrock agents: what they may do, whom they ask first, and a role that stands before them."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from agent_builders import CANCEL, FIND, MODEL, agent, function, key_of, orders
from agent_policies import ALIAS, GUARDRAIL, KEY, KNOWLEDGE_BASE, ask, assume, made, the
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.platform import InferenceProfile, KnowledgeBase
from genai_layers.platform.agents import (
    ActionGroup,
    AgentError,
    AgentKnowledge,
    Collaborator,
    SessionMemory,
    Tool,
)

pytestmark = pytest.mark.synth

NOVA = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"


@pytest.fixture(scope="module")
def template():
    """Return a template with an agent that acts, knows and remembers, and a caller of its alias."""
    stack = testing.stack()
    knowledge = KnowledgeBase(stack, "Handbook", key=key_of(stack).key, access_logs=None)
    clerk = agent(
        stack,
        action_groups=[orders(stack)],
        knowledge=[AgentKnowledge(knowledge_base=knowledge, description="How orders are handled")],
        memory=SessionMemory(),
    )
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    clerk.add_alias("Live").grant_invoke(caller)
    return testing.template(stack)


def test_case_9_the_whole_policy_stands_before_the_agent(template):
    """An agent that is made before its role may do anything is refused most of the time."""
    name, _ = the(template, "AWS::Bedrock::Agent")
    (role,) = [each for each in testing.resources(template, "AWS::IAM::Role") if each.startswith("ClerkRole")]
    policies = {
        each
        for each, resource in testing.resources(template, "AWS::IAM::Policy").items()
        if {"Ref": role} in resource["Properties"]["Roles"]
    }

    assert policies
    assert {role, *policies} <= set(template["Resources"][name]["DependsOn"])


def test_an_agent_may_think_judge_and_look_up_and_nothing_else(template):
    """One model, its guardrail, its knowledge base, its key; never another model, never an action by itself."""
    answers = ask(
        template,
        "ClerkRole",
        ("bedrock:InvokeModel", NOVA),
        ("bedrock:ApplyGuardrail", GUARDRAIL),
        ("bedrock:Retrieve", KNOWLEDGE_BASE),
        ("kms:Decrypt", KEY),
        ("bedrock:InvokeModel", NOVA.replace("lite", "pro")),
        ("bedrock:ApplyGuardrail", f"{GUARDRAIL}a"),
        ("bedrock:Retrieve", f"{KNOWLEDGE_BASE}A"),
        ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:orders"),
    )

    assert answers == [True] * 4 + [False] * 4


def test_only_an_agent_of_this_account_can_take_on_the_role(template):
    """The trust policy names the account and the kind of resource, against a confused deputy."""
    own = "arn:aws:bedrock:us-east-1:111122223333:agent/ABCDEFGHIJ"

    answers = assume(
        template,
        "ClerkRole",
        ("111122223333", own),
        ("999999999999", own.replace("111122223333", "999999999999")),
        ("111122223333", own.replace("agent", "flow")),
        service="bedrock.amazonaws.com",
    )

    assert answers == [True, False, False]


def test_a_function_is_run_for_this_agent_and_no_other(template):
    """Bedrock comes for agents of every account; the permission names ours."""
    name, _ = the(template, "AWS::Bedrock::Agent")
    _, permission = the(template, "AWS::Lambda::Permission")

    assert permission["Principal"] == "bedrock.amazonaws.com"
    assert permission["SourceArn"] == {"Fn::GetAtt": [name, "AgentArn"]}
    assert permission["SourceAccount"] == "111122223333"


def test_a_person_is_asked_before_anything_changes(template):
    """Reading goes ahead, writing waits for a yes, and the agent may ask for what is missing."""
    _, properties = the(template, "AWS::Bedrock::Agent")
    actions, asking = properties["ActionGroups"]

    confirmed = {each["Name"]: each["RequireConfirmation"] for each in actions["FunctionSchema"]["Functions"]}
    assert confirmed == {"find_order": "DISABLED", "cancel_order": "ENABLED"}
    assert asking["ParentActionGroupSignature"] == "AMAZON.UserInput"


def test_an_action_that_asks_nobody_says_why():
    """The reason is in the template, where an auditor finds it."""
    stack = testing.stack()
    note = Tool.writing("note", "Keeps a note.", unconfirmed_reason="notes are the person's own")

    clerk = agent(stack, action_groups=[orders(stack, note)])

    found = [each.data for each in clerk.cfn_agent.node.metadata if "unconfirmed" in each.type]
    made_into = stack.resolve(clerk.cfn_agent.get_metadata("genai-layers:unconfirmed:note"))
    assert [*found, made_into] == ["notes are the person's own"]


def test_an_agent_always_has_a_guardrail_in_a_version_and_our_key(template):
    """Neither can be left out; both are parameters without a default."""
    guard, _ = the(template, "AWS::Bedrock::GuardrailVersion")
    _, properties = the(template, "AWS::Bedrock::Agent")

    assert properties["GuardrailConfiguration"]["GuardrailVersion"] == {"Fn::GetAtt": [guard, "Version"]}
    assert made(".".join(properties["CustomerEncryptionKeyArn"]["Fn::GetAtt"])) == KEY


def test_bedrock_may_keep_memories_under_the_key(template):
    """Memory is re-encrypted for each alias, which no other use of the key needs."""
    _, key = the(template, "AWS::KMS::Key")

    (statement,) = [each for each in key["KeyPolicy"]["Statement"] if each.get("Sid") == "BedrockAgentMemory"]
    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert "agent-alias/*" in str(statement["Condition"])


def test_a_caller_talks_to_the_alias_and_to_nothing_behind_it(template):
    """Not to the draft, not to the model, not to the functions."""
    answers = ask(
        template,
        "Caller",
        ("bedrock:InvokeAgent", ALIAS),
        ("bedrock:InvokeAgent", ALIAS.replace("ALIAS12345", "TSTALIASID")),
        ("bedrock:InvokeModel", NOVA),
    )

    assert answers == [True, False, False]


def test_an_agent_on_a_profile_may_look_up_where_it_leads(template):
    """The service asks for the profile before it asks the model."""
    stack = testing.stack()
    agent(stack, model=InferenceProfile.geographic(stack, MODEL))

    answers = ask(
        testing.template(stack),
        "ClerkRole",
        ("bedrock:GetInferenceProfile", f"arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.{MODEL}"),
        ("bedrock:GetFoundationModel", NOVA),
    )

    assert answers == [True, True]


def test_a_function_of_ours_is_taken_as_it_is():
    """Case 85: action groups once took no function from Python at all; an alias and an import work as well."""
    stack = testing.stack()
    handler = function(stack).function

    group = ActionGroup(name="orders", tools=[FIND], function=handler.add_alias("live"))

    assert group.render()["actionGroupExecutor"]


def test_every_fault_of_an_agent_is_told_at_once():
    """Whoever writes an agent changes everything in one go."""
    stack = testing.stack()
    alias = agent(stack, "Other").add_alias("Live")

    with pytest.raises(AgentError) as raised:
        agent(
            stack,
            instruction="Be kind.",
            description="",
            idle_timeout=cdk.Duration.hours(2),
            action_groups=[
                ActionGroup(name="bad name", tools=[FIND, FIND]),
                ActionGroup(name="empty", tools=[]),
                ActionGroup(name="again", tools=[CANCEL]),
                ActionGroup(name="again", tools=[CANCEL]),
            ],
            memory=SessionMemory(days=0, recent_sessions=99),
            collaborators=[Collaborator(alias=alias, name="the other", instruction=" ")],
        )

    faults = raised.value.faults
    assert len(faults) == len(set(faults)) == 12


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-northeast-1", "us-gov-west-1"])
def test_an_agent_synthesizes_where_there_are_agents(region):
    """ARNs are of the partition, and nothing names another one."""
    app = testing.app()
    stack = testing.stack(app, "Agents", region=region)
    model = "amazon.nova-lite-v1:0"
    agent(stack, action_groups=[orders(stack)]).add_alias("Live")

    text = str(testing.template(stack))

    assert model in text
    assert ("arn:aws:" in text) is not region.startswith("us-gov")


@pytest.mark.parametrize("region", ["cn-north-1", "us-west-1"])
def test_a_region_without_agents_is_refused_by_name(region):
    """China has no Bedrock, and not every region has its agents."""
    stack = testing.stack(testing.app(), "Agents", region=region)

    with pytest.raises(ValueError, match=f"region '{region}' lacks AWS::Bedrock::"):
        agent(stack)
