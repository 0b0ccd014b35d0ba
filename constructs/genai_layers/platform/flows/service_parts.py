"""
What a flow calls, by the objects that stand for it; `node` gives the node for one place in a flow.

Names of inputs and outputs are fixed by the service: Amazon Bedrock user guide, "Node types for your flow", read
2026-11-25.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.agents.agent_alias import AgentAlias
from genai_layers.platform.flows.node import WHOLE, DataType, FlowNode, NodeInput
from genai_layers.platform.interfaces import IGuardrail, IKnowledgeBase, IModel
from genai_layers.platform.knowledge_base import KnowledgeBase
from genai_layers.platform.profile_lookup import allow_profile_lookup
from genai_layers.platform.prompts import Prompt

_MOST_RESULTS = 100


class Part(Protocol):
    """Something that a flow can call."""

    def node(self, name: str, expressions: Mapping[str, str] | None = None) -> FlowNode:
        """
        Return the node for one place in a flow.

        Args:
            name: Name of the node.
            expressions: Which part of what comes in an input takes, by input. Default: all of it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPrompt:
    """
    Runs a prompt: its variables in, `modelCompletion` out.

    Attributes:
        prompt: The prompt, in the version that it has; the flow moves when it moves.
        guardrail: What judges the request and the answer.
    """

    prompt: Prompt
    guardrail: IGuardrail

    def node(self, name: str, expressions: Mapping[str, str] | None = None) -> FlowNode:
        """Return the node; see `Part` for the arguments."""
        variables = dict.fromkeys(self.prompt.variables, DataType.STRING)
        return FlowNode(
            name=name,
            type="Prompt",
            inputs=_inputs(variables, expressions),
            outputs={"modelCompletion": DataType.STRING},
            configuration={
                "sourceConfiguration": {"resource": {"promptArn": self.prompt.version_arn}},
                "guardrailConfiguration": _guarded(self.guardrail),
            },
            permits=[self._permit],
            revisions=[self.prompt.revision, self.guardrail.revision],
            models=[self.prompt.model],
            told=_unknown(name, variables, expressions),
        )

    def _permit(self, role: WorkloadRole) -> None:
        self.prompt.grant_render(role)
        _allow_model(role, self.prompt.model)
        self.guardrail.grant_apply(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskKnowledge:
    """
    Asks a knowledge base: `retrievalQuery` in; `retrievalResults` out, or `outputText` with a model.

    Attributes:
        knowledge_base: The knowledge base.
        model: What answers from the passages. Default: the passages themselves are given.
        guardrail: What judges the answer; a model needs one.
        results: Passages, 1 to 100. Default: five.
    """

    knowledge_base: IKnowledgeBase
    model: IModel | None = None
    guardrail: IGuardrail | None = None
    results: int = 5

    def node(self, name: str, expressions: Mapping[str, str] | None = None) -> FlowNode:
        """Return the node; see `Part` for the arguments."""
        query = {"retrievalQuery": DataType.STRING}
        told = _unknown(name, query, expressions)
        if not 1 <= self.results <= _MOST_RESULTS:
            told.append(f"results of node {name!r} is {self.results}: choose 1 to {_MOST_RESULTS}")
        settings: dict[str, object] = {
            "knowledgeBaseId": self.knowledge_base.knowledge_base_id,
            "numberOfResults": self.results,
        }
        outputs = {"retrievalResults": DataType.ARRAY}
        if self.model is not None:
            outputs = {"outputText": DataType.STRING}
            settings["modelId"] = self.model.model_id
        if (self.model is None) != (self.guardrail is None):
            told.append(f"node {name!r} needs a guardrail where a model answers, and none where none does")
        if self.guardrail is not None:
            settings["guardrailConfiguration"] = _guarded(self.guardrail)
        moving = () if self.guardrail is None else (self.guardrail.revision,)
        named = (self.knowledge_base.cfn_knowledge_base.name,) if isinstance(self.knowledge_base, KnowledgeBase) else ()
        return FlowNode(
            name=name,
            type="KnowledgeBase",
            inputs=_inputs(query, expressions),
            outputs=outputs,
            configuration=settings,
            permits=[self._permit],
            revisions=[*moving, *named],
            models=() if self.model is None else (self.model,),
            told=told,
        )

    def _permit(self, role: WorkloadRole) -> None:
        self.knowledge_base.grant_retrieve(role)
        if self.model is None or self.guardrail is None:
            return
        _allow_model(role, self.model)
        self.guardrail.grant_apply(role)
        role.add_to_policy(iam.PolicyStatement(actions=["bedrock:RetrieveAndGenerate"], resources=["*"]))
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            reason="RetrieveAndGenerate has no resource in IAM; the knowledge base and the model that it uses are "
            "granted one by one.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgent:
    """
    Asks an agent: `agentInputText` in, `agentResponse` out.

    Attributes:
        alias: The agent under the name that callers use; the flow moves when the agent does.
    """

    alias: AgentAlias

    def node(self, name: str, expressions: Mapping[str, str] | None = None) -> FlowNode:
        """Return the node; see `Part` for the arguments."""
        asked = {"agentInputText": DataType.STRING}
        return FlowNode(
            name=name,
            type="Agent",
            inputs=_inputs(asked, expressions),
            outputs={"agentResponse": DataType.STRING},
            configuration={"agentAliasArn": self.alias.alias_arn},
            permits=[self._permit],
            revisions=[self.alias.content],
            told=_unknown(name, asked, expressions),
        )

    def _permit(self, role: WorkloadRole) -> None:
        self.alias.grant_invoke(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFunction:
    """
    Calls a function: inputs of your own in, `functionResponse` out.

    Attributes:
        function: The function, in its newest code; no version is pinned.
        inputs: What it is given, by name. Default: `codeHookInput`, a text.
        output: What it gives. Default: text.
    """

    function: lambda_.IFunction
    inputs: Mapping[str, DataType] = field(default_factory=lambda: {"codeHookInput": DataType.STRING})
    output: DataType = DataType.STRING

    def node(self, name: str, expressions: Mapping[str, str] | None = None) -> FlowNode:
        """Return the node; see `Part` for the arguments."""
        return FlowNode(
            name=name,
            type="LambdaFunction",
            inputs=_inputs(self.inputs, expressions),
            outputs={"functionResponse": self.output},
            configuration={"lambdaArn": self.function.function_arn},
            permits=[self._permit],
            told=_unknown(name, self.inputs, expressions),
        )

    def _permit(self, role: WorkloadRole) -> None:
        # `IFunction.grant_invoke` would allow every version of it, too.
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[self.function.function_arn])
        )


def _inputs(types: Mapping[str, DataType], expressions: Mapping[str, str] | None) -> list[NodeInput]:
    parts = expressions or {}
    return [NodeInput(name=name, type=one, expression=parts.get(name, WHOLE)) for name, one in types.items()]


def _unknown(name: str, types: Mapping[str, DataType], expressions: Mapping[str, str] | None) -> list[str]:
    return [
        f"expression for {name}.{given}: node {name!r} takes {', '.join(types) or 'nothing'}"
        for given in expressions or {}
        if given not in types
    ]


def _guarded(guardrail: IGuardrail) -> dict[str, str]:
    return {"guardrailIdentifier": guardrail.guardrail_id, "guardrailVersion": guardrail.version}


def _allow_model(role: WorkloadRole, model: IModel) -> None:
    model.grant_invoke(role)
    allow_profile_lookup(role, model)
    acknowledge(
        role,
        "GENAI-BEDROCK-09",
        reason="The service judges what goes into a node of the flow and what comes out of it with the guardrail of "
        "the node; no document says that its requests to the model name it, and a condition could refuse them.",
    )
