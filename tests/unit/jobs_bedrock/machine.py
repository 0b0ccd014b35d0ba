"""Runs a definition against stand-ins of the services, without waiting; every call is held against its model."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sdk_model
from intrinsics import ABSENT, PathError, evaluate, fill, lookup

Services = Callable[[str, str, Mapping[str, Any]], Any]
"""Answers a call: service, operation, arguments. Raises StateError to refuse it."""

EXECUTION = "arn:aws:states:us-east-1:111122223333:execution:job:one"
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "StringEquals": lambda a, b: a == b,
    "StringMatches": lambda a, b: isinstance(a, str) and fnmatch.fnmatchcase(a, b),
    "NumericEquals": lambda a, b: a == b,
    "NumericGreaterThan": lambda a, b: a > b,
    "NumericGreaterThanEquals": lambda a, b: a >= b,
    "BooleanEquals": lambda a, b: a is b,
    "IsString": lambda a, b: isinstance(a, str) is b,
    "IsBoolean": lambda a, b: isinstance(a, bool) is b,
}


class StateError(Exception):
    """An error as Step Functions knows it: a name and a cause."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


@dataclass
class Machine:
    """
    One execution after another of a definition.

    Attributes:
        definition: The definition.
        services: Who answers calls.
        calls: Every call that was made: operation and arguments.
        trail: Every state that was entered.
    """

    definition: Mapping[str, Any]
    services: Services
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)

    def run(self, given: Any, execution: str = EXECUTION) -> Any:
        """The output of an execution; raises StateError when it fails."""
        context = {"Execution": {"Id": execution, "Input": given}}
        return self._states(self.definition, given, context)

    def called(self, operation: str) -> list[dict[str, Any]]:
        """Arguments of every call of *operation*."""
        return [arguments for name, arguments in self.calls if name == operation]

    def _states(self, scope: Mapping[str, Any], state: Any, context: dict[str, Any]) -> Any:
        name = scope["StartAt"]
        for _ in range(20_000):
            self.trail.append(name)
            step = scope["States"][name]
            if step["Type"] == "Fail":
                cause = evaluate(step["CausePath"], state, context) if "CausePath" in step else step.get("Cause", "")
                raise StateError(step["Error"], cause)
            if step["Type"] == "Choice":
                name = next((each["Next"] for each in step["Choices"] if _holds(each, state, context)), step["Default"])
                continue
            state, following = self._step(step, state, context)
            if following is None:
                return state
            name = following
        raise AssertionError(f"no end in sight: {self.trail[-8:]}")

    def _step(self, step: Mapping[str, Any], state: Any, context: dict[str, Any]) -> tuple[Any, str | None]:
        kind = step["Type"]
        following = None if kind == "Succeed" or step.get("End") else step["Next"]
        if kind == "Wait":
            return state, following
        if kind == "Succeed":
            return lookup(step["OutputPath"], state, context) if "OutputPath" in step else state, None
        path = step.get("InputPath", "$")
        given = {} if path is None else lookup(path, state, context)
        try:
            result = self._result(step, given, context)
        except StateError as error:
            for catch in step.get("Catch", []):
                if error.error in catch["ErrorEquals"] or "States.TaskFailed" in catch["ErrorEquals"]:
                    told = {"Error": error.error, "Cause": error.cause}
                    return _put(state, catch.get("ResultPath", "$"), told), catch["Next"]
            raise
        return _put(state, step.get("ResultPath", "$"), result), following

    def _result(self, step: Mapping[str, Any], given: Any, context: dict[str, Any]) -> Any:
        if step["Type"] == "Map":
            results = []
            for item in lookup(step["ItemsPath"], given, context):
                inner = {**context, "Map": {"Item": {"Value": item}}}
                results.append(self._states(step["ItemProcessor"], fill(step["ItemSelector"], given, inner), inner))
            return results
        filled = fill(step["Parameters"], given, context) if "Parameters" in step else given
        if step["Type"] == "Pass":
            return filled
        answer = self._tried(step, filled)
        return fill(step["ResultSelector"], answer, context) if "ResultSelector" in step else answer

    def _tried(self, step: Mapping[str, Any], arguments: dict[str, Any]) -> Any:
        left = {index: retry["MaxAttempts"] for index, retry in enumerate(step.get("Retry", []))}
        while True:
            try:
                return self._call(step["Resource"], arguments)
            except StateError as error:
                index = next(
                    (i for i, retry in enumerate(step.get("Retry", [])) if error.error in retry["ErrorEquals"]), None
                )
                if index is None or not left[index]:
                    raise
                left[index] -= 1

    def _call(self, resource: str, arguments: dict[str, Any]) -> Any:
        parts = resource.split(":")
        if parts[5] == "lambda":
            self.calls.append(("invoke", arguments))
            return {"Payload": self.services("lambda", "invoke", arguments["Payload"])}
        service, operation = parts[6], parts[7]
        if found := sdk_model.faults(service, operation, arguments):
            raise AssertionError(f"{operation}: {found}")
        self.calls.append((operation, arguments))
        return self.services(service, operation, arguments)


def _holds(rule: Mapping[str, Any], state: Any, context: Any) -> bool:
    if "And" in rule:
        return all(_holds(each, state, context) for each in rule["And"])
    if "Or" in rule:
        return any(_holds(each, state, context) for each in rule["Or"])
    if "Not" in rule:
        return not _holds(rule["Not"], state, context)
    value = lookup(rule["Variable"], state, context)
    if "IsPresent" in rule:
        return (value is not ABSENT) is rule["IsPresent"]
    ((name, wanted),) = [(name, each) for name, each in rule.items() if name not in ("Variable", "Next")]
    if value is ABSENT:
        if name.startswith("Is"):
            return not wanted
        raise PathError(rule["Variable"])
    if name.endswith("Path"):
        name, wanted = name.removesuffix("Path"), lookup(wanted, state, context)
    return _COMPARE[name](value, wanted)


def _put(state: Any, path: str | None, value: Any) -> Any:
    if path is None:
        return state
    return value if path == "$" else {**state, path.removeprefix("$."): value}
