"""What can be promoted: a version of a prompt, or of a flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.alias import ModelAlias
from genai_layers.jobs.bedrock.sdk_call import sdk_call

VERSION = "$.candidate.version"
"""Where the state holds the version that is to be promoted."""


class IGuard(Protocol):
    """A guardrail that requests name."""

    @property
    def guardrail_id(self) -> str:
        """Identifier of the guardrail."""
        ...

    @property
    def guardrail_arn(self) -> str:
        """ARN without a version."""
        ...

    @property
    def version(self) -> str:
        """Its numbered version."""
        ...

    @property
    def revision(self) -> str:
        """Plain text that is another whenever the version will be."""
        ...

    def grant_apply(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* use the guardrail."""
        ...


class IAskablePrompt(Protocol):
    """A prompt with a version that can be asked."""

    @property
    def version_arn(self) -> str:
        """ARN of the version."""
        ...

    def grant_ask(self, grantee: iam.IGrantable, guardrail: IGuard) -> iam.Grant:
        """Let *grantee* have the model answer the version, in requests that name *guardrail*."""
        ...


class IVersionedFlow(Protocol):
    """A flow with a version."""

    @property
    def flow_id(self) -> str:
        """Identifier of the flow."""
        ...

    @property
    def version(self) -> str:
        """Number of its version."""
        ...

    @property
    def input_node(self) -> str:
        """Name of the node that it begins with."""
        ...


class IFlowName(Protocol):
    """An alias of a flow."""

    @property
    def name(self) -> str:
        """Name of the alias."""
        ...

    @property
    def alias_id(self) -> str:
        """Identifier of the alias."""
        ...

    @property
    def alias_arn(self) -> str:
        """ARN of the alias."""
        ...

    @property
    def is_gated(self) -> bool:
        """Whether a job moves it, and no deploy."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* run the flow through the alias."""
        ...


class Candidate(Protocol):
    """What can be promoted."""

    def faults(self) -> list[str]:
        """Return why it cannot be."""
        ...

    def version(self) -> str:
        """Return what is promoted: a version's ARN or number."""
        ...

    def asked(self) -> Mapping[str, str]:
        """Return what whoever asks it has to know."""
        ...

    def permit(self, role: iam.IRole) -> None:
        """Let *role* ask it."""
        ...

    def promote(self, scope: Construct, id: str) -> tasks.CallAwsService:
        """Return the step that lets callers have it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCandidate:
    """
    The version of a prompt that the stack has now.

    Attributes:
        prompt: The prompt.
        guardrail: Guardrail that callers name in their requests, and this job does.
        current: Parameter that callers read, for the version that has passed.
    """

    prompt: IAskablePrompt
    guardrail: IGuard
    current: ModelAlias

    def faults(self) -> list[str]:
        """Return nothing: a version of a prompt can always be promoted."""
        return []

    def version(self) -> str:
        """Return the ARN of the version."""
        return self.prompt.version_arn

    def asked(self) -> Mapping[str, str]:
        """Return what whoever asks it has to know."""
        return {
            "version_arn": self.prompt.version_arn,
            "guardrail_id": self.guardrail.guardrail_id,
            "guardrail_version": self.guardrail.version,
        }

    def permit(self, role: iam.IRole) -> None:
        """Let *role* ask the version, with the guardrail."""
        self.prompt.grant_ask(role, self.guardrail)

    def promote(self, scope: Construct, id: str) -> tasks.CallAwsService:
        """Return the step that writes the ARN into the parameter."""
        return self.current.point(scope, id, VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCandidate:
    """
    The version of a flow that the stack has now.

    Attributes:
        flow: The flow.
        newest: Alias that follows the flow; the job asks through it, and nobody else should.
        current: Alias of the callers, from `add_gated_alias`.
    """

    flow: IVersionedFlow
    newest: IFlowName
    current: IFlowName

    def faults(self) -> list[str]:
        """Return why it cannot be promoted."""
        faults = []
        if self.newest.is_gated:
            faults.append("newest is a gated alias, which no deploy moves: give one of add_alias")
        if not self.current.is_gated:
            faults.append("current is an alias that every deploy moves past the gate: give one of add_gated_alias")
        return faults

    def version(self) -> str:
        """Return the number of the version."""
        return self.flow.version

    def asked(self) -> Mapping[str, str]:
        """Return what whoever asks it has to know."""
        return {
            "flow_id": self.flow.flow_id,
            "alias_id": self.newest.alias_id,
            "input_node": self.flow.input_node,
            "version": self.flow.version,
        }

    def permit(self, role: iam.IRole) -> None:
        """Let *role* run the flow through the alias that follows it, and see where that stands."""
        self.newest.grant_invoke(role)
        iam.Grant.add_to_principal(
            grantee=role, actions=["bedrock:GetFlowAlias"], resource_arns=[self.newest.alias_arn]
        )

    def promote(self, scope: Construct, id: str) -> tasks.CallAwsService:
        """Return the step that moves the alias of the callers."""
        return sdk_call(
            scope,
            id,
            service="bedrockagent",
            operation="UpdateFlowAlias",
            resources=[self.current.alias_arn],
            parameters={
                "FlowIdentifier": self.flow.flow_id,
                "AliasIdentifier": self.current.alias_id,
                "Name": self.current.name,
                "RoutingConfiguration": [{"FlowVersion": self.flow.version}],
            },
            result_path="$.alias",
        )
