"""A gateway: functions of ours as tools that agents find over MCP."""

from collections.abc import Sequence

from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.inbound_access import InboundAccess
from genai_layers.platform.agents.names import dashed_name
from genai_layers.platform.agents.service_role import (
    GATEWAY_KEY,
    as_written,
    key_as_written,
    key_statements,
    require_region,
    service_role,
)
from genai_layers.platform.agents.tool import ParameterType, Tool, repeated
from genai_layers.platform.agents.tool_permissions import ToolPermissions

_TYPES = ("AWS::BedrockAgentCore::Gateway", "AWS::BedrockAgentCore::GatewayTarget")
_SCHEMA_TYPES = {
    ParameterType.STRING: agentcore.SchemaDefinitionType.STRING,
    ParameterType.NUMBER: agentcore.SchemaDefinitionType.NUMBER,
    ParameterType.INTEGER: agentcore.SchemaDefinitionType.INTEGER,
    ParameterType.BOOLEAN: agentcore.SchemaDefinitionType.BOOLEAN,
    ParameterType.ARRAY: agentcore.SchemaDefinitionType.ARRAY,
}


class AgentGateway(Construct):
    """
    A gateway of AgentCore under our key, for callers that are known, to the tools that are listed.

    A gateway cannot ask a person before a tool runs. A tool that changes something is refused here, unless it says
    why nobody needs to be asked; where somebody does, give it to an `Agent` as an action.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new gateway.
        key: Key for the descriptions of its tools.
        access: How callers are known.
        instructions: What the tools are for, told to every agent that connects.
        description: What the gateway is for.

    Attributes:
        gateway: The gateway, as the CDK knows it.
        role: Role that it calls the tools with.

    Raises:
        AgentError: Callers would not be told apart; every fault is named.
        RegionError: The region has no gateways.

    Example:
        gateway = AgentGateway(self, "Tools", key=key.key, access=InboundAccess.iam())
        gateway.add_tools("Orders", orders.function, [Tool.reading("find_order", "Finds an order by number.")])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access: InboundAccess,
        instructions: str = "Tools of this organisation; use them for what their descriptions say",
        description: str = "Tools for agents",
    ) -> None:
        super().__init__(scope, id)
        require_region(self, *_TYPES)
        if faults := access.faults():
            raise AgentError(faults)

        self._name, self._key, self._kind = dashed_name(self), key, _principal(access)
        name = self._name
        self._tools: list[Tool] = []
        self._actions: dict[str, tuple[str, IDependable]] = {}
        self.role = service_role(
            self, "gateway", name, "calls the tools of a gateway", key_statements(key, GATEWAY_KEY)
        )
        self.gateway = agentcore.Gateway(
            self,
            "Resource",
            authorizer_configuration=access.for_gateway(),
            description=description,
            gateway_name=name,
            kms_key=key_as_written(self, key),
            protocol_configuration=agentcore.GatewayProtocol.mcp(
                instructions=instructions, search_type=agentcore.McpGatewaySearchType.SEMANTIC
            ),
            # The CDK's own role can be taken on for gateways of any account, and it grants more of the key.
            role=as_written(self, self.role),
        )
        self.gateway.node.add_dependency(self.role)

    @property
    def gateway_arn(self) -> str:
        """ARN of the gateway."""
        return self.gateway.gateway_arn

    @property
    def url(self) -> str | None:
        """Address for MCP clients."""
        return self.gateway.gateway_url

    def add_tools(self, id: str, function: lambda_.IFunction, tools: Sequence[Tool]) -> agentcore.GatewayTarget:
        """
        Offer tools that a function runs; agents see these and no others.

        Args:
            id: Name within the gateway; agents see it in front of each tool.
            function: What runs them; the gateway may invoke it, and no version or alias of it.
            tools: What it can do.

        Raises:
            AgentError: A tool would be refused, or would change something without anybody being asked.
        """
        faults = [fault for tool in tools for fault in tool.faults()] + repeated([*self._tools, *tools])
        if not tools:
            faults.append(f"target {id!r} has no tools: list what its function can do")
        faults += [
            f"tool {tool.name!r} changes something, and a gateway cannot ask a person first: make it an action of an "
            "Agent, or give unconfirmed_reason"
            for tool in tools
            if tool.is_confirmed
        ]
        if faults:
            raise AgentError(faults)
        self._tools += tools
        iam.Grant.add_to_principal(
            grantee=self.role, actions=["lambda:InvokeFunction"], resource_arns=[function.function_arn]
        )
        target_name = dashed_name(self, max_length=_TARGET_CHARACTERS - len(id) - 1) + f"-{id}"
        target = self.gateway.add_lambda_target(
            id,
            gateway_target_name=target_name,
            lambda_function=function,
            tool_schema=agentcore.ToolSchema.from_inline([_definition(tool) for tool in tools]),
        )
        # The service invokes nothing yet, but it checks that the role could.
        target.node.add_dependency(self.role)
        self._actions |= {tool.name: (f"{target_name}{_BETWEEN}{tool.name}", target) for tool in tools}
        for tool in tools:
            if tool.unconfirmed_reason is not None:
                target.node.add_metadata(f"genai-layers:unconfirmed:{tool.name}", tool.unconfirmed_reason)
        return target

    def add_permissions(self, id: str) -> ToolPermissions:
        """
        Let nobody use a tool but whom a permission names.

        Args:
            id: Name within the gateway.
        """
        resource = self.gateway.node.default_child
        assert isinstance(resource, agentcore.CfnGateway)  # noqa: S101 - what an L2 is made of
        return ToolPermissions(
            self,
            id,
            key=self._key,
            gateway=resource,
            gateway_name=self._name,
            role=self.role,
            actions=self._actions,
            kind=self._kind,
        )

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* find and call the tools; only where access is decided by IAM.

        Args:
            grantee: Who may, such as a runtime.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["bedrock-agentcore:InvokeGateway"], resource_arns=[self.gateway_arn]
        )

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many calls the gateway failed."""
        return self.gateway.metric_system_errors()

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many calls were refused for their rate."""
        return self.gateway.metric_throttles()


_TARGET_CHARACTERS = 100
# AgentCore developer guide, "Policy scope", read 2026-11-25: an action is a target and a tool with this between.
_BETWEEN = "___"


def _principal(access: InboundAccess) -> str:
    return "AgentCore::IamEntity" if access.discovery_url is None else "AgentCore::OAuthUser"


def _definition(tool: Tool) -> agentcore.ToolDefinition:
    return agentcore.ToolDefinition(
        name=tool.name,
        description=tool.description,
        input_schema=agentcore.SchemaDefinition(
            type=agentcore.SchemaDefinitionType.OBJECT,
            properties={
                name: agentcore.SchemaDefinition(type=_SCHEMA_TYPES[one.type], description=one.description)
                for name, one in tool.parameters.items()
            },
            required=[name for name, one in tool.parameters.items() if one.is_required],
        ),
    )
