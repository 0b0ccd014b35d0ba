"""What the deployed stacks say about themselves: outputs and resources."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local_cloud.clients import Clients

PREFIX = "GenAi-local-"

# Stack -> the layer that it belongs to, in the order of the request path.
LAYERS = {
    "Network": "around",
    "Security": "around",
    "Inference": "1 infrastructure",
    "Platform": "2 platform",
    "Application": "3 application",
    "Operations": "around",
}


class OutputError(KeyError):
    """A stack lacks an output that the journey needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """
    The stacks of the local environment.

    Attributes:
        outputs: Outputs by stack name without prefix, then by key.
        resources: How many resources of each type, by stack name without prefix.
    """

    outputs: Mapping[str, Mapping[str, str]]
    resources: Mapping[str, Counter[str]]

    def output(self, stack: str, key: str) -> str:
        """
        One output.

        Raises:
            OutputError: The stack has none of that name; the message lists those it has.
        """
        has = self.outputs.get(stack, {})
        if key not in has:
            raise OutputError(f"stack {PREFIX}{stack} has no output {key!r}, only {sorted(has)}")
        return has[key]


def read(clients: Clients) -> Deployment:
    """Ask CloudFormation for the stacks whose names begin with our prefix."""
    cloudformation = clients("cloudformation")
    stacks = [s for s in cloudformation.describe_stacks()["Stacks"] if s["StackName"].startswith(PREFIX)]
    outputs = {}
    resources = {}
    for stack in stacks:
        name = stack["StackName"].removeprefix(PREFIX)
        outputs[name] = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        listed = cloudformation.describe_stack_resources(StackName=stack["StackName"])["StackResources"]
        resources[name] = Counter(resource["ResourceType"] for resource in listed)
    return Deployment(outputs=outputs, resources=resources)
