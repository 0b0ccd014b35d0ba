"""The closed list of Xen families, against the description of every instance type that moto ships."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import moto
import pytest

from genai_layers.compliance.nitro import is_nitro


def hypervisors() -> dict[str, str]:
    file = Path(moto.__file__).parent / "ec2" / "resources" / "instance_types.json.gz"
    described = json.loads(gzip.decompress(file.read_bytes()))
    return {name: facts["Hypervisor"] for name, facts in described.items() if "Hypervisor" in facts}


def test_every_described_type_is_told_apart() -> None:
    """What EC2 calls xen is refused, what it calls nitro passes: more than a thousand types."""
    described = hypervisors()

    wrong = {name: kind for name, kind in described.items() if is_nitro(name) != (kind == "nitro")}

    assert wrong == {}
    assert len(described) > 1000


@pytest.mark.parametrize("name", ["", "g6e", "*", "ml.g5.xlarge.extra", "G5.xlarge", "p3.*"])
def test_what_is_no_nitro_type_is_refused(name: str) -> None:
    """A word that does not read like a type is not given the benefit of the doubt."""
    assert not is_nitro(name)
