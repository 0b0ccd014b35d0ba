"""The scripts that write the tables: each reads what a maintainer has."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools.catalog import bedrock, images, instances, models, prices, regions, tables

KARPENTER = """
// generated at 2026-07-20T13:44:30Z for us-east-1
var Prices = map[string]map[Type]float64{
\t"us-east-1": {
\t\t// g6 family
\t\t"g6.12xlarge": 4.601600, "g6.xlarge": 0.804800,
\t},
\t"cn-north-1": {
\t\t"g4dn.xlarge": 5.223000,
\t},
}
"""


def test_the_packaged_machines_are_what_the_packaged_source_gives() -> None:
    """instances.json is the script's output, edited by nobody."""
    described, source = instances.packaged()
    written = tables.overrides("instances")
    kept = tables.read(tables.DATA / "instances.json")

    rows = {
        name: row
        for name in sorted(described)
        if (row := instances.flatten(name, described[name], written["patches"].get(name, {}))) is not None
    }

    assert rows == kept["rows"]
    assert source == kept["source"]


def test_the_packaged_regions_are_what_the_packaged_source_gives() -> None:
    """Partitions and offerings are the scripts' output."""
    forms, names = regions.partitions()
    kept = tables.read(tables.DATA / "regions.json")
    zones, offered = regions.offerings(kept["regions"], set(tables.read(tables.DATA / "instances.json")["rows"]))
    offerings = tables.read(tables.DATA / "offerings.json")

    assert forms == kept["partitions"]
    assert set(kept["regions"]) <= set(names)
    assert (zones, offered) == (offerings["zones"], offerings["rows"])


def test_the_noted_prices_are_in_the_table() -> None:
    """A note that was changed without running the script is found."""
    rows = tables.read(tables.DATA / "prices.json")["rows"]

    assert {name: rows[name] for name in tables.overrides("prices")["rows"]} == tables.overrides("prices")["rows"]


def test_the_noted_accelerators_are_the_table() -> None:
    """Likewise for the data sheets."""
    assert tables.read(tables.DATA / "accelerators.json") == tables.overrides("accelerators")


def test_the_dimensions_of_every_model_give_its_published_size() -> None:
    """A wrong number of layers or heads would show in the count of parameters."""
    for name, note in tables.overrides("models")["rows"].items():
        if "config" in note:
            counted = models.counted(note["config"], models.dimensions(note["config"]))
            assert counted + note.get("other_parameters", 0) == pytest.approx(note["parameters"], rel=0.02), name


def test_reads_a_generated_price_table_with_its_date_and_leaves_yuan_out(tmp_path: Path) -> None:
    """Prices in another currency are not mistaken for dollars."""
    file = tmp_path / "prices.go"
    file.write_text(KARPENTER, "utf-8")

    date, found = prices.from_karpenter(file)

    assert date == "2026-07-20"
    assert found == {"g6.12xlarge": {"us-east-1": "4.6016"}, "g6.xlarge": {"us-east-1": "0.8048"}}


def test_a_price_table_without_a_date_is_refused(tmp_path: Path) -> None:
    """A price that nobody can date is not a fact."""
    file = tmp_path / "prices.go"
    file.write_text(KARPENTER.replace("generated at", "made on"), "utf-8")

    with pytest.raises(SystemExit, match="no date"):
        prices.from_karpenter(file)


def test_reads_the_hourly_price_of_a_product() -> None:
    """The Price List nests terms, and reserved ones are not on demand."""
    dimension = {"unit": "Hrs", "pricePerUnit": {"USD": "0.8048000000"}}
    product = {"terms": {"OnDemand": {"x": {"priceDimensions": {"y": dimension}}}, "Reserved": {"z": {}}}}

    assert prices.hourly(product) == "0.8048"
    assert prices.hourly({"terms": {}}) is None


def test_keeps_every_digit_of_a_token_price() -> None:
    """Floats of a millionth become exact text of a million."""
    priced = {"input_cost_per_token": 2e-08, "output_cost_per_token": 5.5e-06}

    assert bedrock.per_million(priced) == {"input": "0.02", "output": "5.5"}


def test_an_image_whose_first_tag_moves_is_left_out() -> None:
    """Only tags that name a version are offered."""
    described = {"accelerator": "gpu", "platform": "ec2", "framework": "Ray", "version": "2.57", "cuda": "cu129"}

    assert images.row("ray", {**described, "tags": ["serve-ml-cuda-v1"]}) is None
    kept = images.row("ray", {**described, "tags": ["serve-ml-cuda-v1.2"]})
    assert kept is not None
    assert kept["port"] == 8000


def test_an_image_that_trains_elsewhere_than_in_sagemaker_is_left_out() -> None:
    """A job runs the SageMaker build only."""
    described = {
        "accelerator": "neuronx",
        "platform": "sagemaker",
        "version": "2.9",
        "sdk": "2.30.0",
        "tags": ["2.9.0-n"],
    }

    assert images.training_row("pytorch-training-neuronx", {**described, "platform": "ec2"}) is None
    kept = images.training_row("pytorch-training-neuronx", described)
    assert kept is not None
    assert (kept["accelerator"], kept["repository"]) == ("neuron", "pytorch-training-neuronx")


def test_a_table_is_written_a_row_a_line_and_reads_back(tmp_path: Path) -> None:
    """A refresh shows as a readable diff."""
    table = {"source": "x", "as_of": "2026-11-25", "rows": {"b": {"n": 1}, "a": {"n": 2}}}

    path = tables.write("sample", table, folder=tmp_path)

    assert json.loads(path.read_text("utf-8")) == table
    assert ' "b": {"n": 1},' in path.read_text("utf-8")


def test_an_unknown_network_speed_stops_the_script() -> None:
    """A new wording of the API is noticed, not guessed."""
    assert instances.gigabits("16x 100 Gigabit") == 1600
    with pytest.raises(ValueError, match="'Very High' is not understood"):
        instances.gigabits("Very High")


def test_the_end_of_life_that_the_service_tells_replaces_the_one_of_the_table() -> None:
    """For the model and for the profiles of it; a model of which the service tells none keeps what it had."""
    rows = {
        "amazon.nova-lite-v1:0": {"end_of_life": "2027-01-01", "mode": "chat"},
        "eu.amazon.nova-lite-v1:0": {"mode": "chat"},
        "amazon.titan-embed-text-v2:0": {"end_of_life": "2028-01-01", "mode": "embedding"},
    }
    end = datetime(2026, 12, 31, tzinfo=UTC)
    listed = [
        {"modelId": "amazon.nova-lite-v1:0", "modelLifecycle": {"status": "LEGACY", "endOfLifeTime": end}},
        {"modelId": "amazon.titan-embed-text-v2:0", "modelLifecycle": {"status": "ACTIVE"}},
    ]

    fresh = bedrock.with_lifecycle(rows, listed, {"eu"})

    assert {name: facts.get("end_of_life") for name, facts in fresh.items()} == {
        "amazon.nova-lite-v1:0": "2026-12-31",
        "eu.amazon.nova-lite-v1:0": "2026-12-31",
        "amazon.titan-embed-text-v2:0": "2028-01-01",
    }
    assert rows["amazon.nova-lite-v1:0"]["end_of_life"] == "2027-01-01"


def test_ids_that_only_one_side_knows_are_told() -> None:
    """Profiles are no models, and an id with a length of context is a model that is there already."""
    listed = [
        {"modelId": "amazon.nova-lite-v1:0", "outputModalities": ["TEXT"]},
        {"modelId": "amazon.nova-lite-v1:0:24k", "outputModalities": ["TEXT"]},
        {"modelId": "amazon.nova-next-v1:0", "outputModalities": ["TEXT"]},
        {"modelId": "stability.image-v1:0", "outputModalities": ["IMAGE"]},
    ]

    gone, new = bedrock.strangers({"amazon.nova-lite-v1:0", "amazon.old-v1:0", "eu.amazon.old-v1:0"}, listed, {"eu"})

    assert (gone, new) == (["amazon.old-v1:0"], ["amazon.nova-next-v1:0"])


def test_a_live_refresh_keeps_prices_and_says_when_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a price table, the packaged one is read, refreshed and written, its prices as they were."""
    end = datetime(2026, 12, 31, tzinfo=UTC)
    nova = {
        "modelId": "amazon.nova-lite-v1:0",
        "outputModalities": ["TEXT"],
        "modelLifecycle": {"status": "LEGACY", "endOfLifeTime": end},
    }
    client = SimpleNamespace(list_foundation_models=lambda: {"modelSummaries": [nova]})
    written: dict[str, Any] = {}
    monkeypatch.setattr("boto3.client", lambda *_, **__: client)
    monkeypatch.setattr(tables, "write", lambda name, table: written.update({name: table}) or tmp_path)
    monkeypatch.setattr("sys.argv", ["bedrock", "--as-of", "2026-12-01", "--live", "us-east-1"])
    before = tables.read(tables.DATA / "bedrock.json")

    bedrock.main()

    table = written["bedrock"]
    assert table["rows"]["amazon.nova-lite-v1:0"]["end_of_life"] == "2026-12-31"
    assert table["rows"]["amazon.nova-lite-v1:0"]["usd"] == before["rows"]["amazon.nova-lite-v1:0"]["usd"]
    assert (table["as_of"], table["lifecycle_as_of"]) == (before["as_of"], "2026-12-01")
    assert "not served in us-east-1: ai21." in capsys.readouterr().out
