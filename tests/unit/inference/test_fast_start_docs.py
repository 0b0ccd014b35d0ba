"""The seconds on the page about fleets are those that a fleet states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aws_cdk import Duration, Size
from inference_estate import PINNED, Estate

from genai_layers.inference import FastStart

pytestmark = pytest.mark.synth

PAGE = Path(__file__).resolve().parents[3] / "docs" / "inference.md"
ROWS = re.findall(
    r"^\| `(FastStart\(.*?\))` \| (.+?) on (\S+) \| (\d+) \| (\w+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.fixture(scope="module")
def place() -> Estate:
    """Return an estate for all fleets of the page."""
    return Estate()


def test_the_page_compares_every_option() -> None:
    """Each is in one row at least."""
    shown = " ".join(row[0] for row in ROWS)

    assert all(f"{option}=" in shown for option in FastStart.__dataclass_fields__)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[2]}-{row[3]}")
def test_the_seconds_of_a_row_are_stated(place: Estate, row: tuple[str, ...]) -> None:
    """On the first machine of the fleet that the row describes."""
    written, engine, machine, seconds, longest = row
    asked = eval(written, {"FastStart": FastStart, "Size": Size, "Duration": Duration})  # noqa: S307 - our own page

    fleet = place.fleet(
        f"Fleet{ROWS.index(row)}",
        instance_types=[machine],
        engine=place.neuron() if "Neuron" in engine else None,
        machine_image=PINNED if asked.image_on_machine else None,
        fast_start=asked,
    )

    start = fleet.time_to_ready_from_warm or fleet.time_to_ready
    assert (start.total_seconds, start.dominated_by) == (int(seconds), longest)
