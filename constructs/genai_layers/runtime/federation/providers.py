"""What the deployment knows of the directories that people may come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..shared.env import Environment, MissingSettingError

_FIELDS = frozenset({"kind", "claim", "proofs", "groups_claim", "groups", "everyone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """
    A directory that people may come from.

    Attributes:
        kind: `OIDC` or `SAML`.
        claim: Claim, or attribute of the assertion, that tells how somebody signed in.
        proofs: What it has to hold; each is one value, or several with spaces between.
        groups_claim: Claim that names the groups of a person.
        groups: Group there to group here.
        everyone: Whether people in none of these groups may come in as well.
    """

    kind: str
    claim: str
    proofs: tuple[str, ...]
    groups_claim: str
    groups: Mapping[str, str] = field(default_factory=dict)
    everyone: bool = False


def read(environment: Environment) -> dict[str, Provider]:
    """
    Return the providers in *environment*, by name.

    Raises:
        MissingSettingError: There are none, or they cannot be read.
    """
    told = environment.text("PROVIDERS")
    environment.check()
    try:
        document = json.loads(told)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not all(
        isinstance(one, dict) and set(one) == _FIELDS and one["proofs"] for one in document.values()
    ):
        raise MissingSettingError("PROVIDERS cannot be read: give each provider by name, with what proves a factor")
    return {name: Provider(**{**one, "proofs": tuple(one["proofs"])}) for name, one in document.items()}
