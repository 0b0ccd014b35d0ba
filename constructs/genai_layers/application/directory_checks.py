"""What Cognito would refuse of a user directory, said before it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Duration

from genai_layers.application.chat_values import TENANT_GROUP_PREFIX
from genai_layers.application.errors import UserDirectoryError
from genai_layers.application.token_audience import ApiScope
from genai_layers.foundation.nag import MINIMUM_REASON, says_why

_TOKEN_SECONDS = (300, 86_400)
"""What Cognito allows for an access token (developer guide, app clients, read 2026-11-25)."""
_SESSION_SECONDS = (3_600, 10 * 365 * 86_400)
"""What Cognito allows for a refresh token (same page)."""

_SCOPE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,127}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
_GROUP = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check(token: Duration, session: Duration, *, passkey_domain: str | None, reasons: Sequence[str | None]) -> None:
    """
    Refuse what a directory cannot be.

    Args:
        token: Life of an access token.
        session: Life of a session.
        passkey_domain: Domain of passkeys.
        reasons: Reasons that were given for a relaxation.

    Raises:
        UserDirectoryError: Names every fault.
    """
    faults = []
    if not _TOKEN_SECONDS[0] <= token.to_seconds() <= _TOKEN_SECONDS[1]:
        faults.append(f"access_token_validity is {token.to_human_string()}: choose 5 minutes to 1 day")
    if not _SESSION_SECONDS[0] <= session.to_seconds() <= _SESSION_SECONDS[1]:
        faults.append(f"session_validity is {session.to_human_string()}: choose 1 hour to 10 years")
    elif session.to_seconds() <= token.to_seconds():
        faults.append(
            f"session_validity {session.to_human_string()} is no longer than access_token_validity "
            f"{token.to_human_string()}: make it longer"
        )
    if passkey_domain is not None and not _DOMAIN.fullmatch(passkey_domain):
        faults.append(f"passkey_domain is {passkey_domain!r}: give a domain in lower case, as in 'chat.example.com'")
    faults += [
        f"reason {reason!r} has {len(reason.strip())} characters, at least {MINIMUM_REASON} are needed: say why"
        for reason in reasons
        if reason is not None and not says_why(reason)
    ]
    if faults:
        raise UserDirectoryError(faults)


def check_group(name: str) -> None:
    """Refuse *name* as one of a group."""
    if not _GROUP.fullmatch(name):
        raise UserDirectoryError(
            [
                f"group name {name!r} cannot be used: give 1 to 128 letters, digits and '_.-'; "
                f"for a group that begins with {TENANT_GROUP_PREFIX!r} use add_tenant"
            ]
        )


def check_tenant(name: str) -> None:
    """Refuse *name* as one of a tenant."""
    if not _TENANT.fullmatch(name):
        raise UserDirectoryError([f"tenant name {name!r} cannot be used: give 1 to 64 letters, digits, '_' and '-'"])


def check_machine(
    scopes: Sequence[ApiScope], token: Duration, *, tenant: str | None, tokens_per_day: int | None
) -> None:
    """
    Refuse what a client for a program cannot be.

    Args:
        scopes: What its tokens allow.
        token: Life of a token.
        tenant: Tenant of the program.
        tokens_per_day: Model tokens of a day.

    Raises:
        UserDirectoryError: Names every fault.
    """
    faults = []
    if not scopes:
        faults.append("scopes is empty: say what the program may do, as in [ApiScope.ASK]")
    if ApiScope.PERSON in scopes:
        faults.append(f"scopes holds {ApiScope.PERSON.name!r}, which is for people: give the scopes of the routes")
    faults += [
        f"scopes holds {one.name!r}: give 1 to 64 letters, digits and '._-'"
        for one in scopes
        if not _SCOPE.fullmatch(one.name)
    ]
    if not _TOKEN_SECONDS[0] <= token.to_seconds() <= _TOKEN_SECONDS[1]:
        faults.append(f"token_validity is {token.to_human_string()}: choose 5 minutes to 1 day")
    if tenant is not None and not _TENANT.fullmatch(tenant):
        faults.append(f"tenant is {tenant!r}: give 1 to 64 letters, digits, '_' and '-'")
    if tokens_per_day is not None and tokens_per_day < 1:
        faults.append(f"tokens_per_day is {tokens_per_day}: give at least 1 token, or None for what a user has")
    if faults:
        raise UserDirectoryError(faults)
