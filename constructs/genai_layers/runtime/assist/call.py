"""One request to an application, and what answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from ..chat.events import Dialect
from ..chat.model import Caller
from ..chat.routes import Reply, headers_of
from ..chat.service import Tell


class Doorway(Protocol):
    """Settings that say who may come in."""

    @property
    def allowed_clients(self) -> tuple[str, ...]:
        """App clients whose tokens are taken."""

    @property
    def allowed_groups(self) -> tuple[str, ...]:
        """Groups whose users are served; empty serves every user."""

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Origins whose pages may read the answers."""

    @property
    def tenant_group_prefix(self) -> str | None:
        """Groups so named put a user into a tenant."""


class Served(Protocol):
    """What an application stands on."""

    @property
    def settings(self) -> Doorway:
        """Its settings."""


PortsT = TypeVar("PortsT", bound=Served)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[PortsT]):
    """
    One request.

    Attributes:
        event: Event of the REST API.
        caller: Who asks.
        ports: What the application stands on.
        seconds_left: Time until the function is stopped.
        request_id: Lambda's name for the invocation.
        tell: Is told what may be shown before the answer is whole; nobody listens where the answer is whole.
    """

    event: Mapping[str, Any]
    caller: Caller
    ports: PortsT
    seconds_left: Callable[[], float]
    request_id: str
    tell: Tell | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers with names in lower case."""
        return headers_of(self.event)

    def telling(self, tell: Tell) -> Call[PortsT]:
        """Return the same request, answered to somebody who is told each piece."""
        return replace(self, tell=tell)


def whole(_: Call[Any]) -> Dialect | None:
    """Return no dialect: the answer comes whole."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Generic[PortsT]):
    """
    What answers requests to one path.

    Attributes:
        work: Answers a request.
        dialect: How the caller wants to be told piece by piece; None where the answer is to come whole.
    """

    work: Callable[[Call[PortsT]], Reply]
    dialect: Callable[[Call[PortsT]], Dialect | None] = whole
