"""
Where a user pool requires a second factor, a password alone gives no token.

MiniStack 1.5.33 hands tokens to a user who has not enrolled one, and answers NEW_PASSWORD_REQUIRED, MFA_SETUP and
SOFTWARE_TOKEN_MFA without looking at the session, so that a name is enough to get in. As in Cognito, an enrolled
user is asked for a code, any other has to enrol first, and each answer must carry the session of its own challenge.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import cognito

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = Any
_SETUP = "MFA_SETUP"
_NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 (the name of a challenge)
_CODE = "SOFTWARE_TOKEN_MFA"
_GUARDED = frozenset({_SETUP, _NEW_PASSWORD, _CODE})


@dataclass(slots=True)
class _Attempt:
    """A sign-in that waits for its next answer."""

    challenge: str
    user: dict[str, Any]
    secret: str = ""
    is_enrolled: bool = False


_waiting: dict[str, _Attempt] = {}


def apply() -> None:
    """Put the second factor in the way of every token."""
    cognito._mfa_challenge_for_user = lambda pool, user, _pool_id, username: challenge_for(pool, user, username)
    cognito._password_auth_result = _remembering(cognito._password_auth_result)
    cognito._respond_to_auth_challenge = _checking(cognito._respond_to_auth_challenge)
    cognito._admin_respond_to_auth_challenge = _checking(cognito._admin_respond_to_auth_challenge)
    cognito._associate_software_token = _associating(cognito._associate_software_token)
    cognito._verify_software_token = _verifying(cognito._verify_software_token)


def challenge_for(pool: dict[str, Any], user: dict[str, Any], username: str) -> dict[str, Any] | None:
    """What a user who has proved the password is asked next; None where the pool asks for nothing more."""
    required = pool.get("MfaConfiguration", "OFF")
    enrolled = _CODE in user.get("_mfa_enabled", [])
    if required == "OFF" or (required == "OPTIONAL" and not enrolled):
        return None
    if enrolled:
        return _asked(_CODE, user, {"USER_ID_FOR_SRP": username, "FRIENDLY_DEVICE_NAME": "authenticator"})
    return _asked(_SETUP, user, {"USER_ID_FOR_SRP": username, "MFAS_CAN_SETUP": json.dumps([_CODE])})


def _asked(challenge: str, user: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    session = _remember(_Attempt(challenge, user))
    return {"ChallengeName": challenge, "Session": session, "ChallengeParameters": parameters}


def _remember(attempt: _Attempt) -> str:
    session = base64.b64encode(secrets.token_bytes(32)).decode()
    _waiting[session] = attempt
    return session


def _remembering(theirs: Callable[..., Answer]) -> Callable[..., Answer]:
    """A new password is asked for in the session of the user who has proved the old one."""

    def result(
        pool: dict[str, Any], pool_id: str, client: str, user: dict[str, Any], *rest: Any, **more: Any
    ) -> Answer:
        answer = theirs(pool, pool_id, client, user, *rest, **more)
        told = json.loads(answer[2])
        if told.get("ChallengeName") == _NEW_PASSWORD:
            _waiting[told["Session"]] = _Attempt(_NEW_PASSWORD, user)
        return answer

    return result


def _checking(theirs: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """An answer to a challenge counts only in the session of that challenge and for its user."""

    def respond(data: dict[str, Any]) -> Answer:
        challenge = data.get("ChallengeName", "")
        if challenge not in _GUARDED:
            return theirs(data)
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        username = str((data.get("ChallengeResponses") or {}).get("USERNAME"))
        user, unknown = cognito._resolve_user(pool, username) if pool else (None, True)
        attempt = _waiting.get(data.get("Session", ""))
        if unknown or attempt is None or attempt.challenge != challenge or attempt.user is not user:
            return _refused("Invalid session for the user.")
        if challenge == _SETUP and not attempt.is_enrolled:
            return _refused("Software token MFA has not been set up for the user.")
        answer = theirs(data)
        if answer[0] != 200:
            return answer
        del _waiting[data["Session"]]
        more = challenge_for(pool, user, username) if challenge == _NEW_PASSWORD else None
        return json_response(more) if more else answer

    return respond


def _associating(theirs: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """A secret is given to who holds a token, or to who is being asked to enrol."""

    def associate(data: dict[str, Any]) -> Answer:
        if data.get("AccessToken"):
            return theirs(data)
        attempt = _waiting.pop(data.get("Session", ""), None)
        if attempt is None or attempt.challenge != _SETUP:
            return _refused("Invalid session for the user.")
        attempt.secret = base64.b32encode(secrets.token_bytes(20)).decode()
        return json_response({"SecretCode": attempt.secret, "Session": _remember(attempt)})

    return associate


def _verifying(theirs: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """The first code of the new app enrols it."""

    def verify(data: dict[str, Any]) -> Answer:
        if data.get("AccessToken"):
            return theirs(data)
        session = data.get("Session", "")
        attempt = _waiting.get(session)
        if attempt is None or not attempt.secret:
            return _refused("Invalid session for the user.")
        if not cognito._totp_matches(attempt.secret, data.get("UserCode", "")):
            return error_response_json("EnableSoftwareTokenMFAException", "Code mismatch", 400)
        del _waiting[session]
        attempt.is_enrolled = True
        attempt.user["_totp_secret"] = attempt.secret
        attempt.user["_mfa_enabled"] = [*attempt.user.get("_mfa_enabled", []), _CODE]
        attempt.user["_preferred_mfa"] = _CODE
        return json_response({"Status": "SUCCESS", "Session": _remember(attempt)})

    return verify


def _refused(message: str) -> Answer:
    return error_response_json("NotAuthorizedException", message, 400)
