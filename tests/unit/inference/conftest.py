"""One synth for every kind of fleet that the tests look at, and one small model to seal."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from container_estate import VARIANTS as CONTAINER_VARIANTS
from group_estate import GROUP_VARIANTS, GroupEstate
from inference_estate import VARIANTS, Estate
from sealed_weights import ARN, FOLDER, KEY, load

from genai_layers import testing


@pytest.fixture(scope="session")
def templates() -> dict[str, testing.Template]:
    """Return the template of each variant."""
    return _templates(VARIANTS)


@pytest.fixture(scope="session")
def container_templates() -> dict[str, testing.Template]:
    """Return the template of each variant on ECS."""
    return _templates(CONTAINER_VARIANTS)


@pytest.fixture(scope="session")
def group_templates() -> dict[str, testing.Template]:
    """Return the template of each multi-node variant."""
    app = testing.app()
    estates = {name: GroupEstate(app, f"Stack-{name}") for name in GROUP_VARIANTS}
    for name, make in GROUP_VARIANTS.items():
        make(estates[name])
    return {name: testing.template(estate.stack) for name, estate in estates.items()}


def _templates(variants: Mapping[str, Callable[[Estate], object]]) -> dict[str, testing.Template]:
    app = testing.app()
    estates = {name: Estate(app, f"Stack-{name}") for name in variants}
    for name, make in variants.items():
        make(estates[name])
    return {name: testing.template(estate.stack) for name, estate in estates.items()}


@pytest.fixture
def estate() -> Estate:
    """Return a new estate."""
    return Estate()


@pytest.fixture(scope="module")
def sealing():
    """Return the format, with pieces small enough that a file has several."""
    module = load(FOLDER / "sealing.py")
    module.PIECE_BYTES = 64
    return module


@pytest.fixture
def weights(tmp_path) -> Path:
    """Return a folder that looks like a model."""
    folder = tmp_path / "weights"
    (folder / "onnx").mkdir(parents=True)
    (folder / "config.json").write_text('{"layers": 2}', encoding="utf-8")
    (folder / "model-00001-of-00002.safetensors").write_bytes(os.urandom(1000))
    (folder / "onnx" / "empty.bin").write_bytes(b"")
    return folder


@pytest.fixture
def sealed(sealing, weights, tmp_path) -> Path:
    """Return the same folder, sealed."""
    folder = tmp_path / "sealed"
    sealing.seal_folder(weights, folder, data_key=KEY, wrapped_key=b"wrapped", key_arn=ARN)
    return folder
