"""What runs in SageMaker, as far as it matters whether somebody uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HOURS_PER_MONTH = 730
"""Hours of a month, as AWS reckons it."""


class Kind(StrEnum):
    """What was found."""

    ENDPOINT = "endpoint"
    COMPONENT = "inference component"
    NOTEBOOK = "notebook instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """
    An endpoint in service.

    Attributes:
        name: Its name.
        created: When it was made.
        variants: Names of what answers requests.
        machines: Instance types, and how many of each run.
        warm_requests: Requests that a serverless endpoint keeps warm.
        has_queue: Whether requests wait in a queue.
    """

    name: str
    created: datetime
    variants: tuple[str, ...]
    machines: Mapping[str, int]
    warm_requests: int = 0
    has_queue: bool = False

    @property
    def runs(self) -> bool:
        """Whether it costs anything while nobody asks."""
        return self.warm_requests > 0 or any(self.machines.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """
    An inference component in service: one model of an endpoint, or an adapter on top of one.

    Attributes:
        name: Its name.
        endpoint: Name of its endpoint.
        created: When it was made.
        copies: How many there are, or are meant to be.
        base: Component that an adapter stands on; None for a model.
    """

    name: str
    endpoint: str
    created: datetime
    copies: int
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """
    A notebook instance that runs.

    Attributes:
        name: Its name.
        machine: Instance type.
        since: When it was last started or changed.
    """

    name: str
    machine: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """
    Something that nobody used.

    Attributes:
        kind: What it is.
        name: Its name.
        what: What runs for it, in words.
        usd_per_month: What it costs while idle; None where a price is missing.
        is_paid_elsewhere: Whether it is paid through something else, as a component through its endpoint.
        outlook: What was done about it, or could be. Default: nothing.
    """

    kind: Kind
    name: str
    what: str
    usd_per_month: float | None = None
    is_paid_elsewhere: bool = False
    outlook: str = ""
