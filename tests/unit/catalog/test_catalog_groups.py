"""Models on several machines, and the messages of what does not fit."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from genai_layers.catalog import groups, instances
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.errors import SizingError
from genai_layers.cli.main import app


def sized(*arguments: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, ["size", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_model_beyond_one_machine_takes_tensors_inside_and_layers_across() -> None:
    """What vLLM's own guide recommends: tensor degree by machine, stages by number of machines."""
    group = groups.fit("llama-3.1-405b", "p5.48xlarge")

    assert (group.machines, group.tensor_parallel, group.pipeline_parallel) == (2, 8, 2)
    assert group.concurrency > 0


def test_a_type_without_efa_is_refused_with_those_that_have_it() -> None:
    """The message names what fits."""
    with pytest.raises(SizingError, match=r"'g6e\.xlarge' has no EFA interface") as caught:
        groups.fit("llama-3.1-405b", "g6e.xlarge")

    assert "p5.48xlarge" in str(caught.value)
    assert "p5en.48xlarge" in caught.value.alternatives


def test_all_faults_come_together() -> None:
    """A context too long, a type without EFA and a group of one."""
    with pytest.raises(SizingError) as caught:
        groups.fit("llama-3.1-405b", "g6e.xlarge", 10**6, machines=1)

    for part in ("beyond the context", "no EFA interface", "machines=1 is no group"):
        assert part in str(caught.value)


def test_what_no_group_holds_is_refused_with_what_it_holds() -> None:
    """More requests than sixteen machines have room for."""
    with pytest.raises(SizingError, match=r"16 machines of instance_type 'g6\.8xlarge', which hold 0"):
        groups.fit("llama-3.1-405b", "g6.8xlarge")


def test_every_type_that_can_be_joined_has_efa_and_a_cluster() -> None:
    """And no bare metal, whose boot nobody measures."""
    for vendor in Vendor:
        for name in groups.joinable(vendor):
            machine = instances.get(name)
            assert machine.efa_interfaces > 0
            assert machine.cluster_placement
            assert not machine.bare_metal


def test_size_names_groups_where_no_single_machine_fits() -> None:
    """Llama 3.1 405B in 16 bits at a load that no machine of one kind holds."""
    rows = sized("--model", "llama-3.1-405b", "--concurrency", "900", "--vendor", "nvidia", "--context", "16384")

    assert rows
    assert all(row["machines"] >= 2 for row in rows)
    assert all(row["tensor_parallel"] * row["pipeline_parallel"] == row["accelerators"] for row in rows)


def test_size_names_no_group_where_a_machine_fits() -> None:
    """One machine is simpler than two, whatever two would cost."""
    rows = sized("--model", "llama-3.1-70b")

    assert all(row["machines"] == 1 for row in rows)


def test_the_table_of_groups_says_so() -> None:
    """Heading, stages and assumptions differ from those of single machines."""
    done = CliRunner().invoke(app, ["size", "--model", "llama-3.1-405b", "--concurrency", "900", "--context", "16384"])

    assert done.exit_code == 0
    words = " ".join(done.stdout.split())
    assert "groups over EFA" in words
    assert "the pipeline is full" in words


def test_a_group_costs_all_of_its_machines() -> None:
    """USD an hour of the row is the price of one times their number."""
    rows = sized("--model", "llama-3.1-405b", "--concurrency", "900", "--context", "16384", "--vendor", "nvidia")
    (single,) = [row for row in sized("--model", "llama-3.1-70b") if row["instance_type"] == "p5.48xlarge"]

    (group,) = [row for row in rows if row["instance_type"] == "p5.48xlarge"]
    assert float(group["usd_per_hour"]) == pytest.approx(float(single["usd_per_hour"]) * group["machines"])
