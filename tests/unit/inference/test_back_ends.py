"""The table of the README that helps to choose a back end says of each what is so."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from attested_estate import fleet as attested_fleet
from container_estate import container_fleet
from container_estate import tools as container_tools
from group_estate import GroupEstate
from inference_estate import EMBEDDINGS
from kubernetes_estate import kubernetes_fleet

from genai_layers import testing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.cost import idle_floor
from genai_layers.cost.fleets import fleets
from genai_layers.inference import (
    AcceleratorFleet,
    AttestedFleet,
    Capacity,
    FleetError,
    ScaleToZero,
    Sglang,
    TextEmbeddings,
)
from genai_layers.inference.ecs import ContainerFleet
from genai_layers.inference.eks import KubernetesFleet
from genai_layers.inference.multi_node import MultiNodeFleet

pytestmark = pytest.mark.synth

README = Path(__file__).resolve().parents[3] / "README.md"
MAKES: dict[type, Callable[..., Any]] = {
    AcceleratorFleet: lambda estate, **changed: estate.fleet(**changed),
    ContainerFleet: container_fleet,
    KubernetesFleet: kubernetes_fleet,
    AttestedFleet: attested_fleet,
    MultiNodeFleet: lambda estate, **changed: estate.group(**changed),
}
# How each is told to have no machine at all.
AT_ZERO: dict[type, dict[str, int]] = {KubernetesFleet: {"min_machines": 0}, MultiNodeFleet: {"groups": 0}}
ASLEEP = ScaleToZero.when_idle(cdk.Duration.minutes(30))


def _table() -> dict[str, dict[str, str]]:
    text = README.read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text[text.index("Which back end of layer 1") :].splitlines()
        if line.startswith("|")
    ]
    heads = [re.sub(r"`(\w+)`.*", r"\1", head) for head in rows[0][1:]]
    return {row[0]: dict(zip(heads, row[1:], strict=True)) for row in rows[2:]}


TABLE = _table()
KINDS = sorted(MAKES, key=lambda kind: kind.__name__)


@pytest.fixture
def estate() -> GroupEstate:
    """Return an estate with what any back end needs."""
    return GroupEstate()


def cell(row: str, kind: type) -> str:
    """Return what the table says of *kind* in *row*."""
    return TABLE[row][kind.__name__]


def test_the_table_has_a_column_for_every_back_end_and_no_empty_cell() -> None:
    """Who chooses sees all of them."""
    for row, cells in TABLE.items():
        assert set(cells) == {kind.__name__ for kind in MAKES}, row
        assert all(cells.values()), row


@pytest.mark.parametrize("kind", KINDS)
def test_machines_are_bought_as_the_table_says(estate: GroupEstate, kind: type) -> None:
    """Reservations and blocks wherever a machine of one type will do; spot with a part on demand where it says so."""
    assert cell("on demand, reservations, capacity blocks", kind) == "yes"
    MAKES[kind](estate, capacity=Capacity.reserved("cr-0123456789abcdef0"))

    mixed = GroupEstate()
    if "some machines on demand" in cell("spot", kind):
        MAKES[kind](mixed, capacity=Capacity.spot(on_demand_machines=1))
    else:
        with pytest.raises(FleetError, match=r"choose Capacity.spot\(\)|capacity is spot"):
            MAKES[kind](mixed, capacity=Capacity.spot(on_demand_machines=1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_is_taken_where_the_table_says_so(estate: GroupEstate, kind: type) -> None:
    """One type, bought for a time."""
    named = {"instance_type": "p5.48xlarge"} if kind is MultiNodeFleet else {"instance_types": ["p5.48xlarge"]}

    MAKES[kind](estate, capacity=Capacity.capacity_block("cr-0123456789abcdef0"), **named)


@pytest.mark.parametrize("kind", KINDS)
def test_it_scales_to_zero_and_starts_prepared_as_the_table_says(kind: type) -> None:
    """What is not offered is no prop, so nobody can ask for it in vain."""
    props = inspect.signature(kind.__init__).parameters  # type: ignore[misc]

    assert ("scale_to_zero" in props) == (cell("scale to zero", kind) == "hours, idleness")
    assert ("fast_start" in props) == (cell("prepared starts", kind) != "no")
    assert ("signals_updates" in props) == ("signals_updates" in cell("a bad version rolls back", kind))
    assert ("managed_instances" in props) == ("managed_instances" in cell("machines that AWS keeps", kind))
    assert ("measurements" in props) == (cell("nobody can read the weights", kind) == "yes")
    assert ("scaling" in props) == (cell("grows by load", kind) == "yes")
    assert ("egress" in props) == (cell("ways out by a list", kind) == "yes")


def test_engines_are_those_of_the_table(estate: GroupEstate) -> None:
    """All on machines, with a tools image in tasks, and the two of vLLM in pods."""
    estate.fleet(engine=Sglang())
    with pytest.raises(FleetError, match="give one as tools_image"):
        container_fleet(GroupEstate(), engine=Sglang())
    container_fleet(estate, "Tasks", engine=Sglang(), tools_image=container_tools(estate))
    with pytest.raises(FleetError, match=r"choose Vllm\(\) or VllmNeuron"):
        kubernetes_fleet(GroupEstate(), engine=TextEmbeddings(), model=EMBEDDINGS, max_model_len=512)


def test_accelerators_are_those_of_the_table(estate: GroupEstate) -> None:
    """Neuron wherever it is named, and an attested machine needs a NitroTPM."""
    assert estate.fleet(engine=estate.neuron()).fit.instance.accelerator.vendor is Vendor.NEURON
    tasks = container_fleet(
        estate,
        "Tasks",
        engine=estate.neuron(),
        instance_types=["inf2.xlarge"],
        tools_image=container_tools(estate, vendor=Vendor.NEURON),
    )
    assert tasks.fit.instance.accelerator.vendor is Vendor.NEURON
    assert attested_fleet(GroupEstate()).fit.instance.nitro_tpm


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_endpoints_is_that_of_the_table(kind: Any) -> None:
    """Each is paid for by the hour and zone."""
    assert cell("interface endpoints", kind) == str(len(kind.REQUIRED_ENDPOINTS))


@pytest.mark.parametrize("kind", KINDS)
def test_the_idle_floor_is_that_of_the_table(kind: Any) -> None:
    """With one machine and with none; what the network of the test costs beside the fleet is taken away."""
    app = testing.app()
    awake, asleep = GroupEstate(app, "Awake"), GroupEstate(app, "Asleep")
    none = AT_ZERO.get(kind, {"scale_to_zero": ASLEEP})
    for estate, changed in ((awake, {}), (asleep, none)):
        estate.network.require(*kind.REQUIRED_ENDPOINTS)
        MAKES[kind](estate, **changed)
    spare = [name for name in AcceleratorFleet.REQUIRED_ENDPOINTS if name not in kind.REQUIRED_ENDPOINTS]

    floors = [
        round(
            sum(
                line.usd_per_month
                for line in idle_floor({"Stack": testing.template(estate.stack)}, testing.REGION).lines
                if not any(f"endpoint {name.value} in" in line.what for name in spare)
            )
        )
        for estate in (awake, asleep)
    ]

    told = [cell(f"idle floor, USD a month: {when}", kind) for when in ("one machine", "asleep")]
    assert floors == [int(re.match(r"[\d,]*\d", words)[0].replace(",", "")) for words in told]  # type: ignore[index]


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_priced_by_the_machine_on_each_back_end(estate: GroupEstate, kind: type) -> None:
    """The machine is found in the template, with its model and length, and so its price of a million tokens."""
    fleet = MAKES[kind](estate)

    (found,) = fleets({"Stack": testing.template(estate.stack)})

    assert (found.model, found.instance_type) == (fleet.endpoint.model_id, fleet.fit.instance.name)
    assert found.max_model_len == 8192
    assert found.machines == (2 if kind is MultiNodeFleet else 1)
