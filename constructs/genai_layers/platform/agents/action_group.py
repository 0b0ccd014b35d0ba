"""What a Bedrock agent may do, by the function that does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_lambda as lambda_

from genai_layers.platform.agents.names import NAME
from genai_layers.platform.agents.tool import Tool, repeated

_MAX_DESCRIPTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionGroup:
    """
    A function, and the actions of it that an agent may take: these, and no others.

    Attributes:
        name: Name for the model.
        tools: The actions.
        function: What runs them; only this agent may invoke it through Bedrock. None: whoever calls the agent runs
            them and sends the result back.
        description: What they are about; at most 200 characters.
    """

    name: str
    tools: Sequence[Tool]
    function: lambda_.IFunction | None = None
    description: str | None = None

    def faults(self) -> list[str]:
        """Return why the service would refuse the actions."""
        faults = [fault for tool in self.tools for fault in tool.faults()] + repeated(self.tools)
        if not NAME.fullmatch(self.name):
            faults.append(
                f"action group {self.name!r}: use letters and digits, with single dashes or underscores between"
            )
        if not self.tools:
            faults.append(f"action group {self.name!r} has no tools: list what the agent may do")
        if self.description is not None and not 1 <= len(self.description) <= _MAX_DESCRIPTION:
            faults.append(
                f"description of action group {self.name!r} has {len(self.description)} characters, "
                f"allowed are 1 to {_MAX_DESCRIPTION}"
            )
        return faults

    def render(self) -> dict[str, object]:
        """Return the action group as the service takes it."""
        executor = (
            {"customControl": "RETURN_CONTROL"} if self.function is None else {"lambda": self.function.function_arn}
        )
        rendered: dict[str, object] = {
            "actionGroupName": self.name,
            "actionGroupExecutor": executor,
            "actionGroupState": "ENABLED",
            "functionSchema": {"functions": [_rendered(tool) for tool in self.tools]},
        }
        if self.description is not None:
            rendered["description"] = self.description
        return rendered


def _rendered(tool: Tool) -> dict[str, object]:
    rendered: dict[str, object] = {
        "name": tool.name,
        "description": tool.description,
        "requireConfirmation": "ENABLED" if tool.is_confirmed else "DISABLED",
    }
    if tool.parameters:
        rendered["parameters"] = {
            name: {"type": one.type.value, "description": one.description, "required": one.is_required}
            for name, one in tool.parameters.items()
        }
    return rendered
