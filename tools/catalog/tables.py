"""
Writing of the packaged tables, one layout for all of them.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "constructs" / "genai_layers" / "catalog" / "data"
OVERRIDES = Path(__file__).parent / "overrides"


def read(path: Path) -> Any:
    """
    Read a JSON file, gzipped or not.
    """
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            return json.load(stream)
    return json.loads(path.read_text("utf-8"))


def overrides(name: str) -> Any:
    """
    Read what a person wrote down where no source can be read by a program.
    """
    return read(OVERRIDES / f"{name}.json")


def write(name: str, table: dict[str, Any], *, folder: Path = DATA) -> Path:
    """
    Write one table, a row a line, so that a refresh shows as a readable diff.

    Args:
        name: Name of the table, without the ending.
        table: Must hold ``source`` and ``as_of``; each mapping in it is written a key a line.
        folder: Where to write. Default: the package's data folder.

    Returns:
        The file written.
    """
    lines = ["{"]
    for key, value in table.items():
        if isinstance(value, dict):
            rows = [f"  {json.dumps(row)}: {json.dumps(item, ensure_ascii=False)}" for row, item in value.items()]
            lines.append(f" {json.dumps(key)}: {{\n" + ",\n".join(rows) + "\n },")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},")
    lines[-1] = lines[-1].removesuffix(",")
    path = folder / f"{name}.json"
    path.write_text("\n".join([*lines, "}", ""]), "utf-8")
    return path
