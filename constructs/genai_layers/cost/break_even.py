"""
From which load on a machine of your own is cheaper than tokens by the piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.catalog.errors import UnknownPriceError
from genai_layers.catalog.layout import Fit
from genai_layers.catalog.throughput import Throughput
from genai_layers.cost.hosting import Host, hosting_premium, hourly_price
from genai_layers.cost.items import HOURS_PER_MONTH, SECONDS_PER_MONTH
from genai_layers.cost.tokens import MILLION, Mix, estimate, per_million_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """
    Where two ways cost the same.

    Attributes:
        tokens_per_month: Load at which they do, tokens in the proportions of the mix.
        machine_usd_per_month: What one machine costs all month.
        machine_tokens_per_month: The most that one machine serves in a month.
        is_reachable: One machine serves that load; when it does not, tokens by the piece stay cheaper.
        assumptions: What the numbers rest on.
    """

    tokens_per_month: Decimal
    machine_usd_per_month: Decimal
    machine_tokens_per_month: Decimal
    is_reachable: bool
    assumptions: tuple[str, ...]

    @property
    def utilization(self) -> Decimal:
        """
        Share of the machine that the load takes, 1 for all of it.
        """
        return self.tokens_per_month / self.machine_tokens_per_month


def break_even(
    fit: Fit,
    model: BedrockModel,
    *,
    region: str,
    mix: Mix | None = None,
    served: Throughput | None = None,
    host: Host = Host.EC2,
) -> BreakEven:
    """
    The load a month from which one machine that runs all month is cheaper than *model* on demand.

    Args:
        fit: A model on a machine.
        model: The Bedrock model to compare with.
        region: Region to price both in.
        mix: Shape of a request. Default: 1024 tokens in, 256 out.
        served: Throughput of the machine. Default: the roofline estimate.
        host: Who runs the machine. Default: EC2; SageMaker costs more for the same machine, and the assumptions say
            how much.

    Raises:
        CostError: *model* has no price by tokens.
        UnknownPriceError: The machine has no price in *region*.
    """
    shape = mix or Mix()
    load = served or estimate(fit, shape)
    by_piece = per_million_tokens(model, region=region, mix=shape)
    month = hourly_price(fit.instance.name, region, host).usd * HOURS_PER_MONTH
    most = Decimal(str(load.tokens_per_second)) * SECONDS_PER_MONTH
    tokens = month / by_piece.mixed_usd * MILLION
    return BreakEven(
        tokens_per_month=tokens,
        machine_usd_per_month=month,
        machine_tokens_per_month=most,
        is_reachable=tokens <= most,
        assumptions=(
            f"one machine of {host.value}, on demand, all month",
            *_premium(fit.instance.name, region, host),
            *load.assumptions,
            *by_piece.assumptions,
        ),
    )


def _premium(instance: str, region: str, host: Host) -> tuple[str, ...]:
    if host is Host.EC2:
        return ()
    try:
        premium = hosting_premium(instance, region)
    except UnknownPriceError:
        return (f"what {instance} costs on EC2 in {region} is not known, so neither is the premium of SageMaker",)
    return (f"SageMaker takes {premium.ratio:.2f} times the price of EC2 for {instance}",)
