"""What holds for every bill."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from genai_layers.catalog import bedrock, prices
from genai_layers.cost import PRICE_LIST, Mix, idle_floor, per_million_tokens

PRICED = [line.removeprefix("ec2:") for line in prices.lines() if line.startswith("ec2:")]
CHAT = [name for name in bedrock.ids(mode="chat") if bedrock.get(name).input_usd_per_million is not None]


def group(machines: int, name: str) -> dict[str, Any]:
    properties = {
        "MinSize": str(machines),
        "MixedInstancesPolicy": {"LaunchTemplate": {"Overrides": [{"InstanceType": name}]}},
    }
    return {"Resources": {"G": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": properties}}}


@given(name=st.sampled_from(PRICED), machines=st.integers(0, 50), more=st.integers(0, 50))
def test_cost_is_monotone_in_machines(name: str, machines: int, more: int) -> None:
    """Another machine never makes the bill smaller, and none costs nothing."""
    few = idle_floor({"S": group(machines, name)}, "us-east-1").usd_per_month
    many = idle_floor({"S": group(machines + more, name)}, "us-east-1").usd_per_month

    assert few <= many
    assert (few == 0) == (machines == 0)


@given(types=st.lists(st.sampled_from(sorted(PRICE_LIST)), max_size=20))
def test_the_whole_is_the_sum_of_its_stacks(types: list[str]) -> None:
    """However resources are spread over stacks, the bill is the same."""
    resources = {f"R{index}": {"Type": kind, "Properties": {}} for index, kind in enumerate(types)}
    together = idle_floor({"All": {"Resources": resources}}, "us-east-1")
    apart = idle_floor({name: {"Resources": {name: item}} for name, item in resources.items()}, "us-east-1")

    assert together.usd_per_month == apart.usd_per_month == sum(apart.by_stack().values(), Decimal(0))


@given(kind=st.text(max_size=40), properties=st.dictionaries(st.text(max_size=10), st.integers(), max_size=3))
def test_no_resource_is_left_out_in_silence(kind: str, properties: dict[str, int]) -> None:
    """A type that nobody priced is listed, whatever it is called."""
    report = idle_floor({"S": {"Resources": {"It": {"Type": kind, "Properties": properties}}}}, "us-east-1")

    if kind not in PRICE_LIST and not kind.startswith("Custom::"):
        assert len(report.unpriced) == 1


@given(name=st.sampled_from(CHAT), tokens=st.tuples(st.integers(0, 10_000), st.integers(1, 10_000)))
def test_the_mixed_price_lies_between_input_and_output(name: str, tokens: tuple[int, int]) -> None:
    """Mixing can neither beat the cheaper nor exceed the dearer of the two."""
    mix = Mix(input_tokens=tokens[0], output_tokens=tokens[1])
    price = per_million_tokens(bedrock.get(name), region="us-east-1", mix=mix)
    assert price.input_usd is not None

    low, high = sorted((price.input_usd, price.output_usd or Decimal(0)))
    assert low - Decimal("1e-9") <= price.mixed_usd <= high + Decimal("1e-9")
