"""The ledger of the app: every acceptance in it meets a finding, and an auditor can read it."""

from __future__ import annotations

import pytest

from genai_layers.foundation.nag import ledger, unmatched_acknowledgements
from stacks.checks import LEDGER
from tests.synthesized import ENVIRONMENTS, synthesize

pytestmark = pytest.mark.synth


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_acknowledgement_is_idle(environment: str) -> None:
    """One that matches nothing hides the next finding of its kind."""
    idle = unmatched_acknowledgements(str(synthesize(environment).directory))

    assert [f"{entry.where}: {entry.rule}" for entry in idle] == []


def test_the_ledger_of_production_gives_a_reason_for_every_line() -> None:
    """It lies in the cloud assembly, as Markdown, with the construct, the finding and why it is safe."""
    directory = synthesize("prod").directory

    text = (directory / LEDGER).read_text(encoding="utf-8")

    assert "GenAi-prod-Security/Access/BreakGlass" in text
    assert all(entry.reason in text for entry in ledger(str(directory)).entries)
