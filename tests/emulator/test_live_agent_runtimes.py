"""A runtime of AgentCore and an endpoint of it in the local cloud: made, moved, rolled back, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator

REPOSITORY = "000000000000.dkr.ecr.us-east-1.amazonaws.com/agents"
OUTPUTS = {
    "Id": {"Fn::GetAtt": ["Runtime", "AgentRuntimeId"]},
    "Version": {"Fn::GetAtt": ["Runtime", "AgentRuntimeVersion"]},
}


def made(image: str, version: str = "1") -> dict[str, Any]:
    """Return a runtime with an image, and an endpoint on one of its versions."""
    return {
        "Runtime": {
            "Type": "AWS::BedrockAgentCore::Runtime",
            "Properties": {
                "AgentRuntimeName": "clerk",
                "RoleArn": "arn:aws:iam::000000000000:role/clerk",
                "AgentRuntimeArtifact": {
                    "ContainerConfiguration": {"ContainerUri": f"{REPOSITORY}@sha256:{image * 64}"}
                },
                "NetworkConfiguration": {
                    "NetworkMode": "VPC",
                    "NetworkModeConfig": {
                        "Subnets": ["subnet-0123456789abcdef0"],
                        "SecurityGroups": ["sg-0123456789abcdef0"],
                    },
                },
                "ProtocolConfiguration": "HTTP",
                "AuthorizerConfiguration": {
                    "CustomJWTAuthorizer": {
                        "DiscoveryUrl": "https://issuer.example/.well-known/openid-configuration",
                        "AllowedClients": ["chat"],
                    }
                },
            },
        },
        "Live": {
            "Type": "AWS::BedrockAgentCore::RuntimeEndpoint",
            "Properties": {
                "AgentRuntimeId": {"Fn::GetAtt": ["Runtime", "AgentRuntimeId"]},
                "Name": "live",
                "AgentRuntimeVersion": version,
            },
        },
    }


def served(clients: Clients, runtime: str) -> str:
    """Return the image that callers of the endpoint get."""
    agents = clients("bedrock-agentcore-control")
    endpoint = agents.get_agent_runtime_endpoint(agentRuntimeId=runtime, endpointName="live")
    told = agents.get_agent_runtime(agentRuntimeId=runtime, agentRuntimeVersion=endpoint["targetVersion"])
    return str(told["agentRuntimeArtifact"]["containerConfiguration"]["containerUri"]).rpartition(":")[2][0]


def test_a_runtime_stands_in_its_network_and_asks_for_tokens(stack: HandmadeStack, clients: Clients) -> None:
    """What the service stored is what the template said, under the API's own names."""
    ids = stack.deploy(made("a"), OUTPUTS)

    told = clients("bedrock-agentcore-control").get_agent_runtime(agentRuntimeId=ids["Id"])

    assert told["networkConfiguration"]["networkMode"] == "VPC"
    assert told["protocolConfiguration"] == {"serverProtocol": "HTTP"}
    assert told["authorizerConfiguration"]["customJWTAuthorizer"]["allowedClients"] == ["chat"]
    assert (ids["Version"], served(clients, ids["Id"])) == ("1", "a")


def test_callers_of_an_endpoint_move_when_its_version_does(stack: HandmadeStack, clients: Clients) -> None:
    """A new image is a new version of the same runtime; the endpoint stays until it is told."""
    first = stack.deploy(made("a"), OUTPUTS)

    second = stack.deploy(made("b"), OUTPUTS)
    unmoved = served(clients, second["Id"])
    stack.deploy(made("b", version="2"), OUTPUTS)

    assert (first["Id"], second["Version"], unmoved) == (second["Id"], "2", "a")
    assert served(clients, second["Id"]) == "b"


def test_a_change_that_is_rolled_back_leaves_callers_with_the_image_that_they_had(
    stack: HandmadeStack, clients: Clients
) -> None:
    """The runtime goes back by a version of its own, and the endpoint is where it was."""
    ids = stack.deploy(made("a"), OUTPUTS)
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}, "DependsOn": ["Live"]}

    with pytest.raises(StackFailedError):
        stack.deploy({**made("b", version="2"), "Broken": broken}, OUTPUTS)

    assert served(clients, ids["Id"]) == "a"


def test_a_deleted_runtime_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """With its endpoint."""
    ids = stack.deploy(made("a"), OUTPUTS)

    stack.delete()

    with pytest.raises(ClientError, match="not found"):
        clients("bedrock-agentcore-control").get_agent_runtime(agentRuntimeId=ids["Id"])
