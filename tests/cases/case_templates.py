"""Every template of the app in every environment, and of every example: what a case must hold of."""

from __future__ import annotations

import functools
import json
import re
import runpy
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.synthesized import ENVIRONMENTS, ROOT, synthesize

Template = dict[str, Any]
EXAMPLES = tuple(sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py")))
SOURCES = (*ENVIRONMENTS, *EXAMPLES)


@functools.cache
def assembly_of(source: str) -> Path:
    """Where the templates of an environment or an example were written."""
    if source in ENVIRONMENTS:
        return synthesize(source).directory
    folder = ROOT / "examples" / source
    before = set(sys.modules)
    # As `python app.py` does; and no example must find the module of another.
    sys.path.insert(0, str(folder))
    try:
        app = runpy.run_path(str(folder / "app.py"))["app"]
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]
    return Path(app.synth().directory)


@functools.cache
def templates_of(source: str) -> Mapping[str, Template]:
    """Every template of an environment or an example, by stack."""
    return {
        path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(assembly_of(source).glob("*.template.json"))
    }


def resources_of(source: str, *types: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each resource as (stack, logical id, resource), of some types or of all."""
    for stack, template in templates_of(source).items():
        for logical_id, resource in template["Resources"].items():
            if not types or resource["Type"] in types:
                yield stack, logical_id, resource


def references(value: object) -> set[str]:
    """Logical ids that a value refers to, in whatever form CloudFormation knows."""
    if isinstance(value, list):
        return {one for part in value for one in references(part)}
    if not isinstance(value, dict):
        return set()
    if set(value) == {"Ref"}:
        return {value["Ref"]}
    if set(value) == {"Fn::GetAtt"}:
        target = value["Fn::GetAtt"]
        return {target[0] if isinstance(target, list) else target.split(".")[0]}
    if set(value) == {"Fn::Sub"}:
        text, given = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else (value["Fn::Sub"], {})
        names = {name.split(".")[0] for name in re.findall(r"\$\{([A-Za-z0-9:.]+)\}", text)}
        return (names - set(given)) | references(list(given.values()))
    return {one for part in value.values() for one in references(part)}


def waits_for(resource: Mapping[str, Any]) -> set[str]:
    """Logical ids that CloudFormation makes before a resource."""
    named = resource.get("DependsOn", [])
    return {*([named] if isinstance(named, str) else named), *references(resource.get("Properties", {}))}


def made_before(resources: Mapping[str, Any], logical_id: str) -> set[str]:
    """Logical ids of every resource that stands before this one is made, however indirectly."""
    seen: set[str] = set()
    left = [logical_id]
    while left:
        for one in waits_for(resources[left.pop()]) & set(resources) - seen:
            seen.add(one)
            left.append(one)
    return seen
