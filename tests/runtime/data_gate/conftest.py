"""What the tests of both gates share."""

from __future__ import annotations

import pytest
from gate_fakes import Buckets


@pytest.fixture
def buckets() -> Buckets:
    """Buckets with a base model."""
    made = Buckets()
    made.put("models", "tiny/model.safetensors", b"weights")
    return made
