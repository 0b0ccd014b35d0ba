"""
SageMaker's own images that watch endpoints, by the account that holds them in each region.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from genai_layers.catalog.errors import RegionError
from genai_layers.catalog.tables import Confidence, listed, load


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorImage:
    """
    One image.

    Attributes:
        name: ``model-monitor`` or ``clarify``.
        repository: Repository in the registries.
        tag: Tag of its version; None for the one that AWS gives out without any.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    name: str
    repository: str
    tag: str | None
    source: str
    as_of: str
    confidence: Confidence

    def account(self, region: str) -> str:
        """
        The account that holds it in *region*.

        Raises:
            RegionError: None does; the message lists the regions where one does.

        Example:
            >>> get("model-monitor").account("us-east-1")
            '156813124566'
        """
        accounts: dict[str, str] = load("monitor_images")["images"][self.name]["accounts"]
        if region not in accounts:
            raise RegionError(
                f"region {region!r} has no image {self.repository!r} in the catalog: choose one of "
                f"{listed(sorted(accounts), limit=30)}"
            )
        return accounts[region]


@cache
def get(name: str) -> MonitorImage:
    """
    The image called *name*.

    Args:
        name: ``model-monitor`` for data and model quality, ``clarify`` for bias and explanations.
    """
    table = load("monitor_images")
    row = table["images"][name]
    return MonitorImage(
        name=name,
        repository=row["repository"],
        tag=row["tag"],
        source=table["source"],
        as_of=table["as_of"],
        confidence=Confidence(table["confidence"]),
    )
