"""Changing one thing of a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Edit = Callable[[dict[str, Any]], None]


def put(template: dict[str, Any], path: str, value: object) -> None:
    """Set what *path* names: `Guardrail.KmsKeyArn`, below `Properties`; numbers index lists, `+` appends."""
    holder, last = _walk(template, path)
    if last == "+":
        holder.append(value)
    elif isinstance(holder, list):
        holder[int(last)] = value
    else:
        holder[last] = value


def drop(template: dict[str, Any], path: str) -> None:
    """Delete what *path* names, as in `put`; a bare logical id deletes the resource."""
    if "." not in path:
        del template["Resources"][path]
        return
    holder, last = _walk(template, path)
    del holder[int(last) if isinstance(holder, list) else last]


def _walk(template: dict[str, Any], path: str) -> tuple[Any, str]:
    logical_id, *names, last = path.split(".")
    holder: Any = template["Resources"][logical_id]["Properties"]
    for name in names:
        holder = holder[int(name) if isinstance(holder, list) else name]
    return holder, last


def setting(path: str, value: object) -> Edit:
    """An edit that sets what *path* names."""
    return lambda template: put(template, path, value)


def dropping(path: str) -> Edit:
    """An edit that deletes what *path* names."""
    return lambda template: drop(template, path)


def adding(type: str, **properties: object) -> Edit:
    """An edit that adds a resource, `Added`."""

    def edit(template: dict[str, Any]) -> None:
        template["Resources"]["Added"] = {"Type": type, "Properties": properties}

    return edit


def trusting(principal: object, **condition: object) -> Edit:
    """An edit that adds a role that *principal* may take on."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return adding("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})


def allowing(
    action: object, resource: object = "*", type: str = "AWS::IAM::ManagedPolicy", **condition: object
) -> Edit:
    """An edit that adds a policy."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return adding(type, PolicyDocument={"Statement": [statement]})
