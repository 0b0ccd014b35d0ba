"""The ledger of the app: every acceptance in it meets a finding, and an auditor can read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from genai_layers.foundation.nag import ledger, unmatched_acknowledgements, write_ledger
from tests.synthesized import ENVIRONMENTS, synthesize

pytestmark = pytest.mark.synth


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_acknowledgement_is_idle(environment: str) -> None:
    """One that matches nothing hides the next finding of its kind."""
    idle = unmatched_acknowledgements(str(synthesize(environment).directory))

    assert [f"{entry}" for entry in idle] == []


def test_the_ledger_of_production_gives_a_reason_for_every_line(tmp_path: Path) -> None:
    """As Markdown, with the construct, the finding and why it is safe."""
    directory = str(synthesize("prod").directory)

    write_ledger(directory, tmp_path / "ledger.md")

    text = (tmp_path / "ledger.md").read_text(encoding="utf-8")
    assert "GenAi-prod-Security/Access/BreakGlass" in text
    assert all(entry.reason in text.replace("\\|", "|") for entry in ledger(directory).entries)
