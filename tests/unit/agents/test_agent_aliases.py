"""Aliases: they move when the agent moves, only then, and together with those that ask it."""

from __future__ import annotations

import pytest
from agent_builders import CANCEL, FIND, INSTRUCTION, agent, key_of, orders, stacks
from agent_policies import ALIAS, ask, the

from genai_layers import testing
from genai_layers.platform import DeniedTopic, Guardrail, GuardrailPolicies, KnowledgeBase, TopicPolicy
from genai_layers.platform.agents import AgentError, AgentKnowledge, Collaboration, Collaborator
from genai_layers.platform.chunking import Chunking
from genai_layers.platform.embedding import EmbeddingModel

pytestmark = pytest.mark.synth

LAW = GuardrailPolicies(topics=TopicPolicy(topics=[DeniedTopic(name="Law", definition="What the law allows.")]))


def described(change=None, **props) -> str:
    """Return the description of the alias of an agent in a fresh stack, after a change."""
    stack = testing.stack()
    if change is not None:
        props |= change(stack)
    agent(stack, **props).add_alias("Live")
    return the(testing.template(stack), "AWS::Bedrock::AgentAlias")[1]["Description"]


def guarded(policies):
    return lambda stack: {"guardrail": Guardrail(stack, "Guardrail", key=key_of(stack).key, policies=policies)}


def knowing(dimensions):
    def change(stack):
        embedding = EmbeddingModel.of("amazon.titan-embed-text-v2:0", dimensions)
        base = KnowledgeBase(
            stack, "Handbook", key=key_of(stack).key, access_logs=None, embedding=embedding, chunking=Chunking.none()
        )
        return {"knowledge": [AgentKnowledge(knowledge_base=base, description="How orders are handled")]}

    return change


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"instruction": f"{INSTRUCTION} Be brief."}),
        (
            {"change": lambda stack: {"action_groups": [orders(stack, FIND)]}},
            {"change": lambda stack: {"action_groups": [orders(stack, FIND, CANCEL)]}},
        ),
        ({"change": guarded(GuardrailPolicies())}, {"change": guarded(LAW)}),
        ({"change": knowing(1024)}, {"change": knowing(256)}),
    ],
    ids=["instruction", "actions", "content of the guardrail", "vectors of the knowledge base"],
)
def test_case_47_an_alias_moves_when_the_agent_or_what_it_refers_to_moves(before, after):
    """No call makes a version; a changed description does, and the alias goes along."""
    assert described(**before) != described(**after)


def test_case_47_an_agent_moves_with_a_guardrail_of_another_stack():
    """The reference reads the same; without a change of its own the alias would take the agent as it was."""

    def deployed(policies):
        app = testing.app()
        home, stack = testing.stack(app, "Home"), testing.stack(app, "Agents")
        guard = Guardrail(home, "Guardrail", key=key_of(home).key, policies=policies)
        agent(stack, guardrail=guard).add_alias("Live")
        return the(testing.template(stack), "AWS::Bedrock::Agent")[1]

    before, after = deployed(GuardrailPolicies()), deployed(LAW)

    assert before["GuardrailConfiguration"] == after["GuardrailConfiguration"]
    assert before["Tags"] != after["Tags"]


def test_case_47_an_alias_stays_where_it_is_when_nothing_moves():
    """A new version and a new alias with each deploy would use up the service's quota in a week."""
    assert described() == described()


def test_case_47_the_name_and_the_id_of_an_alias_never_move():
    """Callers keep what they were given."""
    kept = set()
    for instruction in (INSTRUCTION, f"{INSTRUCTION} Be brief."):
        stack = testing.stack()
        agent(stack, instruction=instruction).add_alias("Live")
        name, alias = the(testing.template(stack), "AWS::Bedrock::AgentAlias")
        kept.add((name, alias["AgentAliasName"]))

    assert len(kept) == 1


def test_case_47_an_agent_is_prepared_before_its_alias_takes_it():
    """Otherwise the alias takes the agent as it was before the change."""
    stack = testing.stack()
    agent(stack, action_groups=[orders(stack)]).add_alias("Live")

    template = testing.template(stack)

    name, properties = the(template, "AWS::Bedrock::Agent")
    alias, _ = the(template, "AWS::Bedrock::AgentAlias")
    permission, _ = the(template, "AWS::Lambda::Permission")
    assert properties["AutoPrepare"] is True
    assert template["Resources"][alias]["Properties"]["AgentId"] == {"Fn::GetAtt": [name, "AgentId"]}
    assert permission in template["Resources"][alias]["DependsOn"]


def test_case_48_who_asks_another_agent_moves_along_with_it():
    """The supervisor would go on telling its callers of a colleague as it was."""

    def supervisor(instruction):
        stack = testing.stack()
        other = agent(stack, "Other", instruction=instruction).add_alias("Live")
        clerk = agent(
            stack, "Clerk", collaborators=[Collaborator(alias=other, name="other", instruction="Ask it about orders.")]
        )
        clerk.add_alias("Live")
        return testing.template(stack)

    first, second = supervisor(INSTRUCTION), supervisor(f"{INSTRUCTION} Be brief.")

    names = [each for each in testing.resources(first, "AWS::Bedrock::AgentAlias") if each.startswith("Clerk")]
    descriptions = {each["Resources"][names[0]]["Properties"]["Description"] for each in (first, second)}
    assert len(descriptions) == 2


def test_case_48_a_version_can_be_pinned_and_is_said():
    """Going back is a number, and the number is there for an output."""
    stack = testing.stack()

    alias = agent(stack).add_alias("Live", version="3")

    _, properties = the(testing.template(stack), "AWS::Bedrock::AgentAlias")
    assert alias.version == "3"
    assert properties["RoutingConfiguration"] == [{"AgentVersion": "3"}]
    assert properties["Description"] == "stays with version 3"


def test_case_48_the_draft_is_no_version():
    """It changes under the callers, and nobody reviewed it."""
    with pytest.raises(AgentError, match="version is 'DRAFT': give the number of a version"):
        agent(testing.stack()).add_alias("Live", version="DRAFT")


def test_case_58_an_alias_that_follows_has_no_routing_that_would_hold_it():
    """A pinned routing makes every update succeed and change nothing."""
    stack = testing.stack()
    agent(stack).add_alias("Live")

    assert "RoutingConfiguration" not in the(testing.template(stack), "AWS::Bedrock::AgentAlias")[1]


def test_an_agent_asks_the_others_that_it_was_given_and_no_more():
    """Through their aliases, with the conversation kept to itself unless it is said."""
    stack = testing.stack()
    other = agent(stack, "Other").add_alias("Live")
    agent(
        stack,
        "Clerk",
        collaborators=[Collaborator(alias=other, name="other", instruction="Ask it about orders.")],
        collaboration=Collaboration.SUPERVISOR_ROUTER,
    )
    template = testing.template(stack)
    (clerk,) = [
        each["Properties"]
        for name, each in testing.resources(template, "AWS::Bedrock::Agent").items()
        if name.startswith("Clerk")
    ]

    assert clerk["AgentCollaboration"] == "SUPERVISOR_ROUTER"
    assert clerk["AgentCollaborators"][0]["RelayConversationHistory"] == "DISABLED"
    assert ask(
        template, "ClerkRole", ("bedrock:InvokeAgent", ALIAS), ("bedrock:InvokeAgent", ALIAS.replace("ALIAS", "OTHER"))
    ) == [True, False]


def test_metrics_are_those_of_the_alias():
    """An alarm on them is about what callers see."""
    stack, _ = stacks()
    alias = agent(stack).add_alias("Live")

    metrics = [alias.metric_errors(), alias.metric_throttles(), alias.metric_latency(), *alias.metric_tokens()]

    assert {each.namespace for each in metrics} == {"AWS/Bedrock/Agents"}
    assert all(each.dimensions["Operation"] == "InvokeAgent" for each in metrics)
