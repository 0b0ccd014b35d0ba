"""One node of a flow: what goes in, what comes out, and what it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from genai_layers.foundation import WorkloadRole
from genai_layers.platform.interfaces import IModel

if TYPE_CHECKING:
    from genai_layers.platform.flows.definition import FlowDefinition

Permit = Callable[[WorkloadRole], None]
"""Lets the role of a flow do what one node does."""

WHOLE = "$.data"
"""Expression for all of what the node before gave."""

# AWS::Bedrock::Flow; resource schema and service model, read 2026-11-25.
_NAME = re.compile(r"[a-zA-Z](_?[0-9a-zA-Z]){1,50}")
_MOST_EXPRESSION, _MOST_INPUTS, _MOST_OUTPUTS, _MOST_CONDITIONS = 64, 20, 5, 5


class DataType(StrEnum):
    """What a value of a flow is."""

    STRING = "String"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    OBJECT = "Object"
    ARRAY = "Array"


class LoopPart(StrEnum):
    """What an input of the controller of a loop is for."""

    CONDITION = "LoopCondition"
    """The condition reads it."""

    NEXT = "ReturnValueToLoopStart"
    """The next turn begins with it."""

    RESULT = "ExitLoop"
    """What the loop gives at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInput:
    """
    What goes into a node.

    Attributes:
        name: Name, for connections.
        type: What it must be.
        expression: Which part of what comes in is taken. Default: all.
        loop_part: What it is for, in the controller of a loop. Default: it is in no controller.
    """

    name: str
    type: DataType
    expression: str = WHOLE
    loop_part: LoopPart | None = None

    def render(self) -> dict[str, object]:
        """Return it as the service takes it."""
        part = {} if self.loop_part is None else {"category": self.loop_part.value}
        return {"name": self.name, "type": self.type.value, "expression": self.expression, **part}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowNode:
    """
    One node; made by a function or a part of this package, which knows what the service wants of its kind.

    Attributes:
        name: Name, unique in the flow.
        type: Kind, in the words of the service.
        inputs: What goes in.
        outputs: What comes out, by name.
        configuration: Settings of the kind, without its key.
        conditions: Conditions by name, the one without an expression last.
        body: What a loop repeats.
        permits: What the role of the flow is given.
        revisions: Texts that move when what the node refers to moves behind the same reference.
        models: Models that it runs.
        told: Faults that only its kind can find.
    """

    name: str
    type: str
    inputs: Sequence[NodeInput] = ()
    outputs: Mapping[str, DataType] = field(default_factory=dict)
    configuration: Mapping[str, object] = field(default_factory=dict)
    conditions: Mapping[str, str | None] = field(default_factory=dict)
    body: FlowDefinition | None = None
    permits: Sequence[Permit] = ()
    revisions: Sequence[str] = ()
    models: Sequence[IModel] = ()
    told: Sequence[str] = ()

    @property
    def all_revisions(self) -> list[str]:
        """Revisions, those of a loop's body included."""
        return [*self.revisions, *(() if self.body is None else self.body.revisions)]

    def faults(self) -> list[str]:
        """Return what the service would refuse of the node by itself."""
        named = [self.name, *(one.name for one in self.inputs), *self.outputs, *self.conditions]
        faults = [
            f"{name!r} in node {self.name!r}: use a letter, then letters and digits with single underscores between, "
            "2 to 51 of them"
            for name in dict.fromkeys(named)
            if not _NAME.fullmatch(name)
        ]
        for what, count, most in (
            ("inputs", len(self.inputs), _MOST_INPUTS),
            ("outputs", len(self.outputs), _MOST_OUTPUTS),
            ("conditions", len(self.conditions), _MOST_CONDITIONS),
        ):
            if count > most:
                faults.append(f"node {self.name!r} has {count} {what}: a node takes {most}")
        for one in self.inputs:
            if not one.expression.startswith(WHOLE) or len(one.expression) > _MOST_EXPRESSION:
                faults.append(
                    f"expression of {self.name}.{one.name} is {one.expression!r}: begin with {WHOLE}, "
                    f"{_MOST_EXPRESSION} characters at most"
                )
        return [*faults, *self._condition_faults(), *self.told]

    def render(self) -> dict[str, object]:
        """Return the node as the service takes it."""
        kind = self.type[0].lower() + self.type[1:]
        settings = dict(self.configuration)
        if self.type == "Condition":
            settings["conditions"] = [
                {"name": name} if text is None else {"name": name, "expression": text}
                for name, text in self.conditions.items()
            ]
        if self.body is not None:
            settings["definition"] = self.body.render()
        rendered: dict[str, object] = {"name": self.name, "type": self.type, "configuration": {kind: settings}}
        if self.inputs:
            rendered["inputs"] = [one.render() for one in self.inputs]
        if self.outputs:
            rendered["outputs"] = [{"name": name, "type": one.value} for name, one in self.outputs.items()]
        return rendered

    def _condition_faults(self) -> list[str]:
        faults = []
        seen: dict[str, str] = {}
        for name, text in self.conditions.items():
            if text is None:
                continue
            if not 1 <= len(text) <= _MOST_EXPRESSION:
                faults.append(
                    f"condition {self.name}?{name} has {len(text)} characters, allowed are 1 to {_MOST_EXPRESSION}"
                )
            if not any(re.search(rf"\b{re.escape(one.name)}\b", text) for one in self.inputs):
                faults.append(
                    f"condition {self.name}?{name} is {text!r} and reads no input of its node: compare one of "
                    f"{', '.join(one.name for one in self.inputs) or 'its inputs, of which there are none'}"
                )
            if text in seen:
                faults.append(f"conditions {seen[text]} and {name} of {self.name!r} are the same: keep one of them")
            seen.setdefault(text, name)
        return faults
