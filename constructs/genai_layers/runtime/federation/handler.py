"""
What the user pool asks about people of another directory.

Twice: when somebody comes from there, before the account is made or changed, and whenever tokens are made. An
exception is the pool's way of hearing "no": whoever it is raised for gets no token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ..shared import log
from ..shared.env import Environment
from . import providers
from .proof import is_proved, values_of
from .providers import Provider

GROUPS_CLAIM = "genai_layers_groups"
"""Claim that the pool maps to `GROUPS_ATTRIBUTE`; whatever the provider says under this name is replaced."""

GROUPS_ATTRIBUTE = "custom:federated_groups"
"""Groups of the last sign-in that proved a second factor; absent where there never was one."""

ARRIVAL = "InboundFederation_ExternalProvider"
TOKENS = "TokenGeneration_"


class RefusedError(Exception):
    """
    Somebody gets no token.

    Attributes:
        code: Short name of the reason, for the log.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one question of the user pool."""
    return respond(event, known)


def respond(event: dict[str, Any], known_providers: Callable[[], Mapping[str, Provider]]) -> dict[str, Any]:
    """
    Return *event* with the answer in it.

    Args:
        event: Question of the user pool.
        known_providers: Gives the directories that people may come from, by name.

    Raises:
        RefusedError: The person gets no token.
    """
    source = str(event.get("triggerSource"))
    if source == ARRIVAL:
        return _answered(event, _arrive, known_providers)
    if source.startswith(TOKENS):
        if _is_of_the_pool(event["request"].get("userAttributes") or {}):
            # Signed in here, with a password and a code.
            return event
        return _answered(event, _give_tokens, known_providers)
    raise RefusedError("unknown_question", f"this function has no answer to {source}")


def _answered(
    event: dict[str, Any],
    answer: Callable[[Mapping[str, Any], Mapping[str, Provider]], dict[str, Any]],
    known_providers: Callable[[], Mapping[str, Provider]],
) -> dict[str, Any]:
    try:
        return {**event, "response": answer(event["request"], known_providers())}
    except RefusedError as error:
        log.event("sign_in_refused", "WARNING", code=error.code)
        raise


def _arrive(request: Mapping[str, Any], known_providers: Mapping[str, Provider]) -> dict[str, Any]:
    """Return what the pool may keep of somebody who comes from another directory."""
    name = str(request.get("providerName"))
    provider = _provider(name, known_providers)
    attributes = request.get("attributes") or {}
    # How somebody signed in is read from what the provider signed, and from nothing beside it.
    signed = attributes.get("idToken" if provider.kind == "OIDC" else "samlResponse") or {}
    if not is_proved(signed.get(provider.claim), provider.proofs):
        raise RefusedError("no_second_factor", f"the sign-in at {name} proved no second factor: sign in there with one")
    told = {**(attributes.get("userInfo") or {}), **signed} if provider.kind == "OIDC" else dict(signed)
    groups = sorted({provider.groups[one] for one in values_of(told.get(provider.groups_claim)) & set(provider.groups)})
    if not groups and not provider.everyone:
        raise RefusedError("no_group", f"the person is in no group at {name} that may come in")
    kept = {claim: text for claim, value in told.items() if (text := _text(value)) is not None}
    # Never empty: an empty answer would keep everything that the provider said, this claim included.
    return {"userAttributesToMap": {**kept, GROUPS_CLAIM: f",{','.join(groups)}"}}


def _give_tokens(request: Mapping[str, Any], known_providers: Mapping[str, Provider]) -> dict[str, Any]:
    """Return the groups that the tokens of somebody from another directory name."""
    attributes = request["userAttributes"]
    name = _provider_name(attributes)
    provider = _provider(name, known_providers)
    stored = attributes.get(GROUPS_ATTRIBUTE)
    if not isinstance(stored, str):
        raise RefusedError("never_proved", f"no sign-in at {name} has proved a second factor yet: sign in anew")
    given = (request.get("groupConfiguration") or {}).get("groupsToOverride") or []
    mapped = [group for group in stored.split(",") if group in provider.groups.values()]
    groups = list(dict.fromkeys([*given, *mapped]))
    return {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": groups}}}


def _is_of_the_pool(attributes: Mapping[str, Any]) -> bool:
    """Return whether somebody has an account of the pool's own, also one that another directory is linked to."""
    status = attributes.get("cognito:user_status")
    return "identities" not in attributes if status is None else status != "EXTERNAL_PROVIDER"


def _provider(name: str, known_providers: Mapping[str, Provider]) -> Provider:
    provider = known_providers.get(name)
    if provider is None:
        raise RefusedError("unknown_provider", "the person comes from a directory that this deployment does not know")
    return provider


def _provider_name(attributes: Mapping[str, Any]) -> str:
    try:
        identities = json.loads(str(attributes.get("identities")))
        return str(identities[0]["providerName"])
    except (ValueError, LookupError, TypeError):
        raise RefusedError("unknown_origin", "the account does not say which directory the person comes from") from None


def _text(value: object) -> str | None:
    """Return a value as the pool takes it; None for what is no text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        return str(value)
    return None


@cache
def known() -> dict[str, Provider]:
    """Return the directories that people may come from, read once for the process."""
    return providers.read(Environment())
