"""
Reads an environment file and its overrides into `Settings`, or says everything that is wrong with them.

The only place that reads a file or a command-line override; the constructs never do.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from genai_layers.settings.errors import Fault, SettingsError
from genai_layers.settings.facts import fact_faults
from genai_layers.settings.settings import Settings

_FOREIGN_MARKS = ("@", ":")
"""Characters that no setting has and every context key of the CDK itself has."""


def load(
    environment: str | None,
    directory: Path,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """
    Load the settings of *environment*.

    Args:
        environment: Name of a file in *directory*, without its ending.
        directory: Where the environment files lie.
        overrides: CDK context as the CLI hands it on. Keys are dotted setting paths (`inference.max_machines`),
            values are TOML (`4`, `true`, `["g5.xlarge"]`) or else plain text. Keys of the CDK itself, and keys
            that resemble no setting, are not ours and are passed over.

    Raises:
        SettingsError: With every fault of the file and of the overrides.
    """
    source = _file_of(environment, directory)
    try:
        tree: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(source.name, [Fault("(file)", f"is not TOML: {fault}")]) from fault
    faults = _apply(overrides or {}, tree)
    if "environment" in tree:
        faults.append(Fault("environment", "is the file's own name and is not set in the file: remove the line"))
    return validate({**tree, "environment": source.stem}, source=source.name, earlier=faults)


def validate(tree: Mapping[str, object], *, source: str, earlier: Sequence[Fault] = ()) -> Settings:
    """
    Check a tree of plain values, such as a parsed TOML file.

    Args:
        tree: Tables as mappings, `environment` and `region` included.
        source: What to call the tree in an error.
        earlier: Faults that reading it already found.

    Raises:
        SettingsError: With every fault.
    """
    faults = list(earlier)
    try:
        settings = Settings.model_validate(_frozen(tree))
    except ValidationError as invalid:
        faults += [_fault_of(error) for error in invalid.errors()]
        raise SettingsError(source, faults) from invalid
    faults += fact_faults(settings)
    if faults:
        raise SettingsError(source, faults)
    return settings


def _file_of(environment: str | None, directory: Path) -> Path:
    known = sorted(path.stem for path in directory.glob("*.toml"))
    if environment not in known:
        given = "no environment was chosen" if environment is None else f"there is no environment {environment!r}"
        raise SettingsError(
            "-c environment",
            [Fault("environment", f"{given}: choose one of {', '.join(known)}, -c environment=NAME")],
        )
    return directory / f"{environment}.toml"


def _apply(overrides: Mapping[str, object], tree: dict[str, Any]) -> list[Fault]:
    """Write each override into *tree*; return what could not be."""
    faults = []
    tables = Settings.model_fields
    for key, raw in sorted(overrides.items()):
        if key == "environment" or any(mark in key for mark in _FOREIGN_MARKS):
            continue
        first, *rest = key.split(".")
        if first not in tables:
            close = difflib.get_close_matches(first, tables, n=1)
            if rest or close:
                hint = f"; did you mean {close[0]!r}?" if close else ""
                faults.append(Fault(key, f"overrides no setting{hint} (allowed: {', '.join(sorted(tables))})"))
            continue
        node: Any = tree
        for step in (first, *rest)[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else node
        if isinstance(node, dict):
            node[(first, *rest)[-1]] = _toml_value(raw)
        else:
            faults.append(Fault(key, "goes through a setting that is a value, not a table: shorten the path"))
    return faults


def _toml_value(raw: object) -> object:
    """What the user typed: a TOML value where it parses as one, else the text itself."""
    if not isinstance(raw, str):
        return raw
    try:
        return tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        return raw


def _frozen(value: object) -> object:
    """Arrays as tuples, which strict models take."""
    if isinstance(value, Mapping):
        return {key: _frozen(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(inner) for inner in value)
    return value


def _fault_of(error: ErrorDetails) -> Fault:
    """Say one pydantic error in our words."""
    path = ".".join(str(step) for step in error["loc"]) or "(file)"
    given = error["input"]
    kind = error["type"]
    if kind == "extra_forbidden":
        allowed = _keys_at(error["loc"][:-1])
        close = difflib.get_close_matches(str(error["loc"][-1]), allowed, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return Fault(path, f"is not a setting{hint} (allowed: {', '.join(allowed)})")
    if kind == "missing":
        return Fault(path, "is required and missing: add it")
    if kind == "value_error":
        return Fault(path, str(error["ctx"]["error"]))
    return Fault(path, f"{error['msg'][0].lower()}{error['msg'][1:]}, got {given!r}")


def _keys_at(path: Sequence[object]) -> list[str]:
    """The settings that the table at *path* may hold."""
    model: Any = Settings
    for step in path:
        if isinstance(step, int):
            continue
        annotation = model.model_fields[str(step)].annotation
        arguments = getattr(annotation, "__args__", ())
        model = arguments[0] if arguments else annotation
    return sorted(model.model_fields)
