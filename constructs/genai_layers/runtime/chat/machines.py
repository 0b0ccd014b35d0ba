"""Programs that may ask without a person: known by their app client, and by the deployment alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..shared.env import MissingSettingError

_WORD = re.compile(r"(?P<client>[A-Za-z0-9_+]{1,128})/(?P<tenant>[A-Za-z0-9_-]{0,64})/(?P<tokens>[0-9]{0,12})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """
    A program.

    Attributes:
        client_id: Its app client, the subject of its tokens.
        tenant: Tenant whose documents it finds; None where it has none.
        tokens_per_day: Tokens of a day; None for as many as a user has.
    """

    client_id: str
    tenant: str | None = None
    tokens_per_day: int | None = None


def read(told: str | None) -> tuple[Machine, ...]:
    """
    Return the programs of a setting.

    Args:
        told: `client/tenant/tokens` of each, with spaces between, where tenant and tokens may be empty.

    Raises:
        MissingSettingError: A word has another form.

    Example:
        >>> read("1abc/acme/5000")
        (Machine(client_id='1abc', tenant='acme', tokens_per_day=5000),)
    """
    machines = []
    for word in (told or "").split():
        match = _WORD.fullmatch(word)
        if match is None:
            raise MissingSettingError(f"MACHINE_CLIENTS holds {word!r}: write each as client/tenant/tokens")
        tokens = int(match["tokens"]) if match["tokens"] else None
        machines.append(Machine(client_id=match["client"], tenant=match["tenant"] or None, tokens_per_day=tokens))
    return tuple(machines)
