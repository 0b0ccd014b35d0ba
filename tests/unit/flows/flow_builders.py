"""Flows and what they call, in stacks of one app."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.platform import FoundationModel, Guardrail, InferenceProfile
from genai_layers.platform.agents import Agent
from genai_layers.platform.flows import AskAgent, AskKnowledge, AskPrompt, CallFunction, Flow, parse_flow
from genai_layers.platform.prompts import Prompt, PromptFile

MODEL = "amazon.nova-lite-v1:0"
FILE = """
connections = [
    "Question.document -> Answer.question",
    "Answer.modelCompletion -> End.document",
]

[[nodes]]
name = "Question"
type = "Input"

[[nodes]]
name = "Answer"
use = "answer"

[[nodes]]
name = "End"
type = "Output"
"""


class KnowledgeBase:
    """A knowledge base that stands already."""

    knowledge_base_id = "BASE123456"

    def __init__(self, stack) -> None:
        self.knowledge_base_arn = stack.format_arn(
            service="bedrock", resource="knowledge-base", resource_name="BASE123456"
        )

    def grant_retrieve(self, grantee):
        """Let *grantee* retrieve passages."""
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["bedrock:Retrieve"], resource_arns=[self.knowledge_base_arn]
        )


def the(template, kind):
    """Return logical id and resource of the only resource of a type."""
    ((name, resource),) = testing.resources(template, kind).items()
    return name, resource


def key_of(stack):
    """Return the key of a stack, made once."""
    found = stack.node.try_find_child("Key")
    return (found or EncryptionKey(stack, "Key", description="flows", uses=[KeyUse.AGENT, KeyUse.GUARDRAIL])).key


def guardrail(stack, **props):
    """Return the guardrail of a stack, made once."""
    return stack.node.try_find_child("Guardrail") or Guardrail(stack, "Guardrail", key=key_of(stack), **props)


def prompt(stack, text="Answer {{question}}.", id="Prompt"):
    """Return a prompt with one variable."""
    file = PromptFile(text=text, description="Answers")
    return Prompt(stack, id, key=key_of(stack), prompt=file, model=FoundationModel.of(stack, MODEL))


def answering(stack, **props):
    """Return the part that answers."""
    return AskPrompt(prompt=prompt(stack, **props), guardrail=guardrail(stack))


def flow(stack, text=FILE, parts=None, id="Answer", **props):
    """Return a flow with one prompt."""
    given = {"answer": answering(stack)} if parts is None else parts
    return Flow(stack, id, key=key_of(stack), definition=parse_flow(text, given), **props)


EVERYTHING = """
connections = [
    "Asked.document -> Check.size",
    "Asked.document -> Each.array",
    "Asked.document -> Search.retrievalQuery",
    "Check?many -> Each",
    "Check?default -> Search",
    "Each.arrayItem -> Answer.question",
    "Answer.modelCompletion -> All.arrayItem",
    "Each.arraySize -> All.arraySize",
    "All.collectedArray -> Many.document",
    "Search.outputText -> Clerk.agentInputText",
    "Clerk.agentResponse -> Tidy.text",
    "Tidy.response -> Book.codeHookInput",
    "Book.functionResponse -> Refine.draft",
    "Refine.loopOutput -> One.document",
]

[[nodes]]
name = "Asked"
type = "Input"
output = "Object"

[[nodes]]
name = "Check"
type = "Condition"
inputs = { size = { type = "Number", expression = "$.data.size" } }
conditions = { many = "size > 1" }

[[nodes]]
name = "Each"
type = "Iterator"
expression = "$.data.questions"

[[nodes]]
name = "Answer"
use = "answer"

[[nodes]]
name = "All"
type = "Collector"

[[nodes]]
name = "Many"
type = "Output"
input = "Array"

[[nodes]]
name = "Search"
use = "handbook"
expressions = { retrievalQuery = "$.data.question" }

[[nodes]]
name = "Clerk"
use = "clerk"

[[nodes]]
name = "Tidy"
type = "InlineCode"
inputs = { text = "String" }
code = "text.strip()"

[[nodes]]
name = "Book"
use = "book"

[[nodes]]
name = "Refine"
type = "Loop"
inputs = { draft = "String" }
outputs = { loopOutput = "String" }

[nodes.body]
connections = [
    "Turn.draft -> Again.question",
    "Again.modelCompletion -> Enough.text",
    "Again.modelCompletion -> Enough.next",
    "Again.modelCompletion -> Enough.loopOutput",
]

[[nodes.body.nodes]]
name = "Turn"
type = "LoopInput"
inputs = { draft = "String" }

[[nodes.body.nodes]]
name = "Again"
use = "answer"

[[nodes.body.nodes]]
name = "Enough"
type = "LoopController"
until = "text == 'done'"
most_turns = 3

[nodes.body.nodes.inputs]
text = { type = "String", loop_part = "CONDITION" }
next = { type = "String", loop_part = "NEXT" }
loopOutput = { type = "String", loop_part = "RESULT" }

[[nodes]]
name = "One"
type = "Output"
"""


def every_part(stack):
    """Return a part of each kind, by the names of `EVERYTHING`."""
    profile = InferenceProfile.geographic(stack, MODEL)
    agent = Agent(
        stack,
        "Clerk",
        key=key_of(stack),
        model=FoundationModel.of(stack, MODEL),
        guardrail=guardrail(stack),
        instruction="You answer questions about orders, and change them only when you are asked to.",
    )
    function = lambda_.Function.from_function_arn(
        stack, "Book", stack.format_arn(service="lambda", resource="function", resource_name="book").replace("/", ":")
    )
    return {
        "answer": answering(stack),
        "handbook": AskKnowledge(knowledge_base=KnowledgeBase(stack), model=profile, guardrail=guardrail(stack)),
        "clerk": AskAgent(alias=agent.add_alias("Live")),
        "book": CallFunction(function=function),
    }
