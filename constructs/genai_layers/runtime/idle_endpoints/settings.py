"""Settings of the check, parsed once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ..shared.env import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What the construct hands over.

    Attributes:
        name: Which check it is, on its metrics.
        topic: ARN of the topic that is told.
        days: Length of the window.
        usd_per_hour: Prices of endpoints by instance type.
        notebook_usd_per_hour: Prices of notebooks by instance type.
        has_components: Whether the region has inference components.
        scales_in: Whether copies that may be none are taken to none.
    """

    name: str
    topic: str
    days: int
    usd_per_hour: Mapping[str, float]
    notebook_usd_per_hour: Mapping[str, float]
    has_components: bool
    scales_in: bool

    @classmethod
    def read(cls, environment: Environment) -> Settings:
        """
        Read them.

        Args:
            environment: Where they are.

        Raises:
            MissingSettingError: Something is missing; all of it is named.
        """
        settings = cls(
            name=environment.text("CHECK_NAME"),
            topic=environment.text("TOPIC_ARN"),
            days=environment.whole("WINDOW_DAYS", minimum=1),
            usd_per_hour=json.loads(environment.optional("USD_PER_HOUR") or "{}"),
            notebook_usd_per_hour=json.loads(environment.optional("NOTEBOOK_USD_PER_HOUR") or "{}"),
            has_components=environment.optional("WITHOUT_COMPONENTS") is None,
            scales_in=environment.optional("SCALE_IN_REASON") is not None,
        )
        environment.check()
        return settings
