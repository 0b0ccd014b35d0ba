"""One synth of every kind of endpoint, checked by every pack, for all tests that only look."""

from __future__ import annotations

import pytest
from sagemaker_estate import Estate, Rendered, everything

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks


@pytest.fixture(scope="session")
def rendered() -> Rendered:
    """Return the template that holds every kind of endpoint; it has no finding, or this raises."""
    app = testing.app()
    attach_checks(app)
    return everything(Estate(app=app, id="Everything"))


@pytest.fixture
def estate() -> Estate:
    """Return a new estate to try one thing in."""
    return Estate()
