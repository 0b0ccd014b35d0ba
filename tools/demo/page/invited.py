"""Invite a user, so that somebody can take the whole way through the page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """
    A user who has not signed in yet.

    Attributes:
        username: The user.
        password: Password that works once; the e-mail with it is not sent here.
    """

    username: str
    password: str


def invite(clients: Clients, pool_id: str, username: str = "grace@example.com") -> Invited:
    """
    Invite a user as an administrator does.

    Args:
        clients: Clients of the running cloud.
        pool_id: The user pool.
        username: Address of the user.
    """
    password = f"Aa1!{secrets.token_urlsafe(16)}"
    clients("cognito-idp").admin_create_user(
        UserPoolId=pool_id,
        Username=username,
        TemporaryPassword=password,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": username}, {"Name": "email_verified", "Value": "true"}],
    )
    return Invited(username=username, password=password)
