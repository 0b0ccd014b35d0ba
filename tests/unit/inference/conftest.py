"""One synth for every kind of fleet that the tests look at."""

from __future__ import annotations

import pytest
from inference_estate import VARIANTS, Estate

from genai_layers import testing


@pytest.fixture(scope="session")
def templates() -> dict[str, testing.Template]:
    """Return the template of each variant."""
    app = testing.app()
    estates = {name: Estate(app, f"Stack-{name}") for name in VARIANTS}
    for name, make in VARIANTS.items():
        make(estates[name])
    return {name: testing.template(estate.stack) for name, estate in estates.items()}


@pytest.fixture
def estate() -> Estate:
    """Return a new estate."""
    return Estate()
