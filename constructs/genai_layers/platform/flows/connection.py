"""A connection of two nodes, as one line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from genai_layers.platform.flows.errors import FlowError

_WORD = r"[A-Za-z0-9_]+"
_LINE = re.compile(rf"\s*({_WORD})([.?])({_WORD})\s*->\s*({_WORD})(?:\.({_WORD}))?\s*")


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Data that goes from an output to an input, or a node that is reached when a condition holds.

    Attributes:
        source: Node that it begins at.
        what: Output, or condition.
        target: Node that it ends at.
        input: Input of *target*; None for a condition, which carries no data.
    """

    source: str
    what: str
    target: str
    input: str | None

    @classmethod
    def parse(cls, line: str) -> Connection:
        """
        Return the connection that a line says.

        Args:
            line: `Question.document -> Answer.question`, or `Check?isLong -> Shorten`.

        Raises:
            FlowError: It says no connection.
        """
        found = _LINE.fullmatch(line)
        if found is None or (found[2] == ".") != (found[5] is not None):
            raise FlowError(
                [
                    f"connection {line!r}: write 'Node.output -> Node.input' for data, or 'Node?condition -> Node' "
                    "for a branch"
                ]
            )
        return cls(found[1], found[3], found[4], found[5])

    def __str__(self) -> str:
        """Return the line."""
        if self.input is None:
            return f"{self.source}?{self.what} -> {self.target}"
        return f"{self.source}.{self.what} -> {self.target}.{self.input}"

    def render(self, number: int) -> dict[str, object]:
        """
        Return it as the service takes it.

        Args:
            number: Its place in the flow, which its name is made of: names of nodes would be too long together.
        """
        how: dict[str, object] = (
            {"conditional": {"condition": self.what}}
            if self.input is None
            else {"data": {"sourceOutput": self.what, "targetInput": self.input}}
        )
        return {
            "name": f"connection{number}",
            "type": "Conditional" if self.input is None else "Data",
            "source": self.source,
            "target": self.target,
            "configuration": how,
        }
