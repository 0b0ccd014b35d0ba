"""What holds for every environment file."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from genai_layers.catalog import regions
from genai_layers.settings import Settings

SETTINGS = st.builds(
    dict,
    environment=st.from_regex(r"[a-z][a-z0-9]{1,19}", fullmatch=True).filter(lambda name: name != "prod"),
    region=st.sampled_from(regions.every()),
    removal=st.sampled_from(["retain", "destroy"]),
    network=st.builds(dict, zone_count=st.integers(2, 4), nat_gateways=st.integers(0, 2)),
    security=st.builds(dict, log_retention_days=st.sampled_from([7, 30, 365]), key_deletion_days=st.integers(7, 30)),
    operations=st.builds(dict, monthly_budget_usd=st.integers(1, 10_000_000)),
)


# The first example reads the tables of regions, however busy the machine is.
@settings(deadline=None)
@given(tree=SETTINGS)
def test_settings_survive_being_written_and_read(tree: dict[str, object]) -> None:
    """What is dumped loads to the same settings, defaults included."""
    loaded = Settings.model_validate(tree)

    assert Settings.model_validate(loaded.model_dump()) == loaded
    assert Settings.model_validate_json(loaded.model_dump_json()) == loaded
