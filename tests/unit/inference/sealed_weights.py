"""A model's folder, the key that it is sealed with, and the format as the machine image has it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import genai_layers

FOLDER = Path(genai_layers.__file__).parent / "inference" / "attestation"
KEY = bytes(range(32))
ARN = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"


def load(path: Path):
    """Return a file of the machine image as a module, without the package around it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
