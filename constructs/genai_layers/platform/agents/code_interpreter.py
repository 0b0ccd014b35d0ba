"""A place where agents run the code that they write."""

import jsii
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.platform.agents.agent_network import AgentNetwork
from genai_layers.platform.agents.names import underscored_name
from genai_layers.platform.agents.service_role import as_written, require_region, service_role

# What an agent wants of it; metrics of a code interpreter are counted by operation.
_COUNTED = "InvokeCodeInterpreter"


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class CodeInterpreter(Construct):
    """
    A code interpreter of AgentCore in our network, and nowhere else.

    The service's sandbox mode reaches S3 and the internet's name servers, which is enough to carry data out; in our
    network the code reaches what the network lets it reach. What the code may do with AWS is what its role may:
    nothing, until something is granted.

    Nothing of it can be changed in place: CloudFormation makes a new one, under a name that moves along.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new code interpreter.
        network: Where it stands.
        description: What it is for.

    Attributes:
        interpreter: The code interpreter, as the CDK knows it.
        role: Role that the code runs with.
        connections: Its connections; it may open TLS connections until more is allowed.

    Raises:
        RegionError: The region has no code interpreters.

    Example:
        interpreter = CodeInterpreter(self, "Code", network=agents)
        interpreter.grant_use(runtime)
    """

    def __init__(
        self, scope: Construct, id: str, *, network: AgentNetwork, description: str = "Runs the code of agents"
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::BedrockAgentCore::CodeInterpreterCustom")
        group = network.security_group(self, f"code interpreter: {description}")
        self.connections = ec2.Connections(security_groups=[group])
        name = underscored_name(self, {"subnets": network.subnet_ids, "description": description})
        self.role = service_role(self, "code-interpreter-custom", name, "runs the code of agents")
        self.interpreter = agentcore.CodeInterpreterCustom(
            self,
            "Resource",
            code_interpreter_custom_name=name,
            description=description,
            execution_role=as_written(self, self.role),
            network_configuration=agentcore.CodeInterpreterNetworkConfiguration.using_vpc(
                self, vpc=network.vpc, vpc_subnets=network.subnets, security_groups=[group]
            ),
        )
        network.admit(self.interpreter)

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Who a grant to the code is for: its role."""
        return self.role

    def grant_use(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* run code here.

        Args:
            grantee: Who may, such as a runtime.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[
                "bedrock-agentcore:GetCodeInterpreterSession",
                "bedrock-agentcore:InvokeCodeInterpreter",
                "bedrock-agentcore:StartCodeInterpreterSession",
                "bedrock-agentcore:StopCodeInterpreterSession",
            ],
            resource_arns=[self.interpreter.code_interpreter_arn],
        )

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many runs of code the service failed."""
        return self.interpreter.metric_system_errors_for_api_operation(_COUNTED)

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many runs of code were refused for their rate."""
        return self.interpreter.metric_throttles_for_api_operation(_COUNTED)
