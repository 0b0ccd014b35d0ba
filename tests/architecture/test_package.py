"""The wheel is what another team installs: it must stand on its own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.tool

PROBE = """
import json, genai_layers.catalog, genai_layers.settings, genai_layers.foundation, genai_layers.inference
import genai_layers.platform, genai_layers.application, genai_layers.operations
from pathlib import Path
package = Path(genai_layers.catalog.__file__).parents[1]
print(json.dumps({
    "where": str(package),
    "data": sorted(path.name for path in (package / "catalog" / "data").glob("*.json")),
    "page": (package / "web" / "static" / "js" / "main.js").exists(),
    "runtime": (package / "runtime" / "chat" / "handler.py").exists(),
    "files": sorted(str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()),
}))
"""


def test_the_wheel_installs_into_an_empty_environment_and_imports(tmp_path: Path) -> None:
    """With only the declared dependencies, every room imports, data files and runtime code included."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "venv"
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    constraints = tmp_path / "constraints.txt"
    pins = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if "==" in line]
    constraints.write_text("\n".join(pins), encoding="utf-8")
    subprocess.run([python, "-m", "pip", "install", "-q", "-c", str(constraints), str(wheel)], check=True)

    probe = subprocess.run([python, "-c", PROBE], cwd=tmp_path, check=True, capture_output=True, text=True)
    found = json.loads(probe.stdout)

    assert found["where"].startswith(str(place))
    assert "instances.json" in found["data"]
    assert found["page"] is True
    assert found["runtime"] is True
    assert _tracked_files() <= set(found["files"])


def _tracked_files() -> set[str]:
    """Every file of the package: one that the wheel leaves out fails only when somebody uses it."""
    source = "constructs/genai_layers/"
    listed = subprocess.run(["git", "ls-files", source], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name.removeprefix(source) for name in listed.stdout.split()}
