"""Who asks: read from the claims that the API has verified, and from nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from .errors import ForbiddenError, NotAuthenticatedError
from .machines import Machine
from .model import Caller

_SUBJECT = re.compile(r"[A-Za-z0-9_.:@|-]{1,128}")
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


def caller(
    claims: Mapping[str, object],
    *,
    tenant_group_prefix: str | None,
    allowed_groups: Collection[str],
    allowed_clients: Collection[str],
    machines: Collection[Machine] = (),
) -> Caller:
    """
    Return who asks.

    An ID token is refused: it is made for the client, holds personal data, and has no place in an API's logs.

    Args:
        claims: Claims of the token, verified by the API's authorizer.
        tenant_group_prefix: Groups so named put a user into a tenant; None where there are no tenants.
        allowed_groups: Groups whose users are served; empty serves every user.
        allowed_clients: App clients whose tokens are taken. The API's authorizer knows the user pool alone, so a
            token of another client of the pool comes this far.
        machines: Programs that are served. Default: none. What a program may do is settled by the
            deployment: it has no groups, and its tenant is not in its token.

    Raises:
        NotAuthenticatedError: No subject, not an access token, or one of another client.
        ForbiddenError: The user is in none of the groups that are served, or not in exactly one tenant.
    """
    user = claims.get("sub")
    if not isinstance(user, str) or not _SUBJECT.fullmatch(user):
        raise NotAuthenticatedError("the token names no user: sign in again")
    if claims.get("token_use") != "access":
        raise NotAuthenticatedError(
            "this is not an access token: send the access token of the sign-in, not the ID token"
        )
    client = claims.get("client_id")
    machine = next((one for one in machines if one.client_id == client), None)
    if machine is not None:
        return _machine(claims, machine, has_tenants=tenant_group_prefix is not None)
    if client not in allowed_clients or user == client:
        raise NotAuthenticatedError("the token was made for another client: sign in where this service says")
    groups = _groups(claims.get("cognito:groups"))
    if allowed_groups and not set(groups) & set(allowed_groups):
        raise ForbiddenError("the user is in none of the groups that this service is for: ask an administrator")
    return Caller(user=user, tenant=_tenant(groups, tenant_group_prefix), groups=groups)


def _machine(claims: Mapping[str, object], machine: Machine, *, has_tenants: bool) -> Caller:
    """Return the program that asks; a token of a person is none of a program's, whatever client it was made for."""
    if claims.get("sub") != machine.client_id or "username" in claims or "cognito:groups" in claims:
        raise NotAuthenticatedError(
            "the token is a person's but was made for a program: sign in where this service says"
        )
    if has_tenants and machine.tenant is None:
        raise ForbiddenError("the program belongs to no tenant: ask an administrator")
    return Caller(
        user=machine.client_id, tenant=machine.tenant if has_tenants else None, tokens_per_day=machine.tokens_per_day
    )


def subject_faults(user: object, tenant: object) -> list[str]:
    """
    Return what keeps *user* and *tenant* from naming a person.

    Args:
        user: Subject of a token.
        tenant: Name of a tenant; None where there are none.
    """
    faults = []
    if not isinstance(user, str) or not _SUBJECT.fullmatch(user):
        faults.append("'user' names nobody: give the subject of the person's token, the 'sub' of the user pool")
    if tenant is not None and not (isinstance(tenant, str) and _TENANT.fullmatch(tenant)):
        faults.append("'tenant' is no tenant: give its name without a prefix, or leave it out where there are none")
    return faults


def _groups(claim: object) -> tuple[str, ...]:
    """Return the groups of a claim; a REST API turns the list into the text `a,b`."""
    if isinstance(claim, str):
        return tuple(claim.removeprefix("[").removesuffix("]").replace(",", " ").split())
    if isinstance(claim, list):
        return tuple(str(group) for group in claim)
    return ()


def _tenant(groups: tuple[str, ...], prefix: str | None) -> str | None:
    if prefix is None:
        return None
    tenants = sorted({group.removeprefix(prefix) for group in groups if group.startswith(prefix)})
    if len(tenants) != 1:
        raise ForbiddenError(
            f"the user is in {len(tenants)} tenants and must be in exactly one: "
            f"ask an administrator for one group that begins with {prefix!r}"
        )
    if not _TENANT.fullmatch(tenants[0]):
        raise ForbiddenError("the tenant of the user has a name that cannot be used: ask an administrator")
    return tenants[0]
