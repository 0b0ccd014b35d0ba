"""Which caller may use which tool of a gateway: nobody may use any, but for what is listed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IDependable

from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.names import underscored_name
from genai_layers.platform.agents.service_role import agentcore_arn, require_region
from genai_layers.platform.agents.tool import Tool

_CLAIM = re.compile(r"[A-Za-z0-9:_./-]+")
_ID_CHARACTERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCaller:
    """
    Somebody who calls tools; made by `role` or `claim`.

    AgentCore developer guide, "Policy scope" and "Schema constraints", read 2026-11-25: a gateway with signed requests
    knows the ARN of the caller, one with tokens knows the claims of the token.

    Attributes:
        kind: Type of the principal in Cedar.
        condition: What must hold of it, in Cedar.
    """

    kind: str
    condition: str

    @classmethod
    def role(cls, scope: Construct, role: iam.IRole) -> ToolCaller:
        """
        Return whoever acts as a role, for a gateway that takes signed requests.

        Args:
            scope: Any construct of the stack.
            role: The role, such as that of a runtime.
        """
        sessions = Stack.of(scope).format_arn(
            service="sts", region="", resource="assumed-role", resource_name=f"{role.role_name}/*"
        )
        return cls(kind="AgentCore::IamEntity", condition=f'principal.id like "{sessions}"')

    @classmethod
    def claim(cls, name: str, value: str) -> ToolCaller:
        """
        Return whoever has a token with a claim, for a gateway that takes tokens.

        Args:
            name: Name of the claim, such as `client_id`.
            value: Its value, all of it.

        Raises:
            AgentError: One of the two has a character that a policy would read as its own.
        """
        faults = [
            f"{what} of a claim is {text!r}: use letters, digits and : _ . / -"
            for what, text in (("name", name), ("value", value))
            if not _CLAIM.fullmatch(text)
        ]
        if faults:
            raise AgentError(faults)
        told = json.dumps(name)
        held = f"principal.hasTag({told}) && principal.getTag({told}) == {json.dumps(value)}"
        return cls(kind="AgentCore::OAuthUser", condition=held)


class ToolPermissions(Construct):
    """
    A policy engine in front of a gateway; made by `AgentGateway.add_permissions`.

    From then on the gateway refuses every call, and hides every tool, that no permission names. What the engine
    decides is not a matter of the prompt: an agent that was led astray cannot call what its role or its token may not.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new engine.
        key: Key for the policies.
        gateway: The gateway as CloudFormation knows it.
        gateway_name: Its name, which its ARN begins with.
        role: Its role.
        actions: What its tools are called in policies, by the name of the tool; grows as tools are added.
        kind: Type of the principals that it knows, in Cedar.

    Attributes:
        cfn_engine: The engine as CloudFormation knows it.

    Raises:
        RegionError: The region has no policy engines.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        gateway: agentcore.CfnGateway,
        gateway_name: str,
        role: iam.IRole,
        actions: Mapping[str, tuple[str, IDependable]],
        kind: str,
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::BedrockAgentCore::Policy", "AWS::BedrockAgentCore::PolicyEngine")
        self._gateway, self._actions, self._kind = gateway, actions, kind
        self.cfn_engine = agentcore.CfnPolicyEngine(
            self,
            "Resource",
            name=underscored_name(self, {"key": key.key_arn}),
            description="who may use which tool",
            encryption_key_arn=key.key_arn,
        )
        engine = self.cfn_engine.attr_policy_engine_arn
        self._counted = agentcore.PolicyEngine.from_policy_engine_attributes(self, "Counted", policy_engine_arn=engine)
        # The id of the gateway is not known before it stands, and that needs this policy: its name and any id.
        gateways = agentcore_arn(self, f"gateway/{gateway_name}-{'?' * _ID_CHARACTERS}")
        # A policy of its own, since the gateway waits for this one and for no grant to a function.
        may = iam.Policy(
            self,
            "MayAsk",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["bedrock-agentcore:GetPolicyEngine"], resources=[engine]),
                iam.PolicyStatement(
                    actions=["bedrock-agentcore:AuthorizeAction", "bedrock-agentcore:PartiallyAuthorizeActions"],
                    resources=[engine, gateways],
                ),
            ],
        )
        acknowledge(
            may,
            "IAMNoInlinePolicy",
            reason="The policy is of one gateway and one engine and must live and die with them; a managed policy "
            "could be attached elsewhere and outlive both.",
        )
        gateway.policy_engine_configuration = agentcore.CfnGateway.GatewayPolicyEngineConfigurationProperty(
            arn=engine, mode="ENFORCE"
        )
        gateway.node.add_dependency(may)

    def permit(self, id: str, caller: ToolCaller, tools: Sequence[Tool]) -> agentcore.CfnPolicy:
        """
        Let a caller use some tools of the gateway; two permissions add up.

        Args:
            id: Name within the permissions.
            caller: Who may.
            tools: Which of the tools that the gateway has.

        Raises:
            AgentError: The gateway has not got the tool, or knows no such caller; every fault is named.
        """
        faults = [
            f"tool {tool.name!r} is none of the gateway: add it first, there are {', '.join(self._actions) or 'none'}"
            for tool in tools
            if tool.name not in self._actions
        ]
        if not tools:
            faults.append(f"permission {id!r} names no tools: list what the caller may use")
        if caller.kind != self._kind:
            faults.append(
                f"permission {id!r} is for {caller.kind}, and the gateway knows {self._kind}: take ToolCaller.role for "
                "signed requests and ToolCaller.claim for tokens"
            )
        if faults:
            raise AgentError(faults)
        used = [self._actions[tool.name] for tool in tools]
        listed = ", ".join(f'AgentCore::Action::"{action}"' for action, _ in used)
        statement = (
            f"permit(principal is {caller.kind}, action in [{listed}], "
            f'resource == AgentCore::Gateway::"{self._gateway.attr_gateway_arn}") when {{ {caller.condition} }};'
        )
        policy = agentcore.CfnPolicy(
            self,
            id,
            name=underscored_name(self, {"permission": id}),
            policy_engine_id=self.cfn_engine.attr_policy_engine_id,
            definition={"cedar": {"statement": statement}},
            # A name of a tool or a claim that the gateway does not know fails the deploy, and not the first call.
            validation_mode="FAIL_ON_ANY_FINDINGS",
        )
        # A policy is held against the tools of the gateway, which must be there.
        policy.node.add_dependency(self._gateway, *(target for _, target in used))
        return policy

    def metric_denied(self) -> cloudwatch.Metric:
        """Return how many calls were refused because no permission named them."""
        return self._counted.metric_denied_requests()
