"""What an agent may do: a list of tools, each with what it takes and whether a person is asked first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from genai_layers.platform.agents.names import NAME

# AWS::Bedrock::Agent, Function and ParameterDetail; resource schema, read 2026-11-25.
_MAX_DESCRIPTION, _MAX_PARAMETER_DESCRIPTION = 1200, 500


class ParameterType(StrEnum):
    """What a value of a parameter is."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ARRAY = "array"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """
    One value that a tool takes.

    Attributes:
        description: What it means; the model fills it in from this.
        type: What it is. Default: a string.
        is_required: Whether the tool cannot do without. Default: it cannot.
    """

    description: str
    type: ParameterType = ParameterType.STRING
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """
    One thing that an agent may do; made by `reading` or `writing`.

    Attributes:
        name: Name for the model and for the function behind it.
        description: What it does and when to use it; the model chooses by it.
        parameters: What it takes, by name.
        writes: Whether it changes anything.
        unconfirmed_reason: Why nobody is asked before a change.
    """

    name: str
    description: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    writes: bool
    unconfirmed_reason: str | None = None

    @classmethod
    def reading(cls, name: str, description: str, parameters: Mapping[str, Parameter] | None = None) -> "Tool":
        """
        Return a tool that changes nothing, and so needs no confirmation.

        Args:
            name: Its name.
            description: What it does and when to use it.
            parameters: What it takes, by name. Default: nothing.
        """
        return cls(name=name, description=description, parameters=parameters or {}, writes=False)

    @classmethod
    def writing(
        cls,
        name: str,
        description: str,
        parameters: Mapping[str, Parameter] | None = None,
        *,
        unconfirmed_reason: str | None = None,
    ) -> "Tool":
        """
        Return a tool that changes something; the person is asked before it runs.

        Args:
            name: Its name.
            description: What it does and when to use it.
            parameters: What it takes, by name. Default: nothing.
            unconfirmed_reason: Why nobody needs to be asked; it lands in the metadata. Default: the person is asked.
        """
        return cls(
            name=name,
            description=description,
            parameters=parameters or {},
            writes=True,
            unconfirmed_reason=unconfirmed_reason,
        )

    @property
    def is_confirmed(self) -> bool:
        """Whether a person is asked before it runs."""
        return self.writes and self.unconfirmed_reason is None

    def faults(self) -> list[str]:
        """Return why the service would refuse the tool."""
        faults = []
        if not NAME.fullmatch(self.name):
            faults.append(f"tool {self.name!r}: use letters and digits, with single dashes or underscores between")
        if not 1 <= len(self.description) <= _MAX_DESCRIPTION:
            faults.append(
                f"description of tool {self.name!r} has {len(self.description)} characters, "
                f"allowed are 1 to {_MAX_DESCRIPTION}"
            )
        if self.unconfirmed_reason is not None and not self.unconfirmed_reason.strip():
            faults.append(f"unconfirmed_reason of tool {self.name!r} is empty: say why nobody is asked")
        faults += [
            f"description of parameter {name!r} of tool {self.name!r} has {len(one.description)} characters, "
            f"allowed are 1 to {_MAX_PARAMETER_DESCRIPTION}"
            for name, one in self.parameters.items()
            if not 1 <= len(one.description) <= _MAX_PARAMETER_DESCRIPTION
        ]
        return faults


def repeated(tools: Sequence[Tool]) -> list[str]:
    """
    Return which names are given to more than one tool.

    Args:
        tools: Tools of one agent.
    """
    names = [tool.name for tool in tools]
    return [
        f"tool {name!r} is there twice: a tool has one name" for name in dict.fromkeys(names) if names.count(name) > 1
    ]
