"""
What the same machine costs at EC2 and at SageMaker.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from genai_layers.catalog import prices
from genai_layers.catalog.prices import Price


class Host(StrEnum):
    """
    Who runs a machine.
    """

    EC2 = "EC2"
    SAGEMAKER = "SageMaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """
    What SageMaker takes for a machine beside EC2; for it, nobody here runs a machine image, a group or a balancer.

    Attributes:
        ec2: Price at EC2.
        sagemaker: Price at SageMaker hosting.
    """

    ec2: Price
    sagemaker: Price

    @property
    def ratio(self) -> Decimal:
        """
        SageMaker's price as a multiple of EC2's.
        """
        return self.sagemaker.usd / self.ec2.usd


def hourly_price(instance: str, region: str, host: Host = Host.EC2) -> Price:
    """
    On-demand price of a machine, USD an hour.

    Args:
        instance: Name in EC2, e.g. ``g6.xlarge``.
        region: Region to price it in.
        host: Who runs it. Default: EC2.

    Raises:
        UnknownPriceError: The catalog has no such price.
    """
    line = f"ec2:{instance}" if host is Host.EC2 else f"sagemaker:ml.{instance}"
    return prices.get(line, region)


def hosting_premium(instance: str, region: str) -> Premium:
    """
    What SageMaker takes for *instance* beside EC2.

    Args:
        instance: Name in EC2, e.g. ``g6.xlarge``.
        region: Region to price it in.

    Raises:
        UnknownPriceError: The catalog lacks one of the two prices.

    Example:
        >>> round(hosting_premium("g6.xlarge", "us-east-1").ratio, 2)
        Decimal('1.40')
    """
    return Premium(
        ec2=hourly_price(instance, region),
        sagemaker=hourly_price(instance, region, Host.SAGEMAKER),
    )
