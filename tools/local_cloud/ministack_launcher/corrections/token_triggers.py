"""
A function that a user pool asks before it makes tokens is asked as Cognito asks it, and heard.

MiniStack 1.5.33 leaves `cognito:user_status` out of its question, looks for `groupOverrideDetails` inside the part of
one token where the second version of the answer has it beside both, and makes tokens although the function refuses.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ministack.services import cognito

if TYPE_CHECKING:
    from collections.abc import Callable

_DETAILS = "claimsAndScopeOverrideDetails"
_GROUPS = "groupOverrideDetails"
_TOKENS = ("accessTokenGeneration", "idTokenGeneration")


def apply() -> None:
    """Ask and hear as Cognito does."""
    os.environ["MINISTACK_COGNITO_PRETOKEN_STRICT"] = "1"
    cognito._build_pretoken_event = _with_status(cognito._build_pretoken_event)
    cognito._extract_trigger_response = _with_groups(cognito._extract_trigger_response)


def _with_status(build: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def built(**asked: Any) -> dict[str, Any]:
        event = build(**asked)
        pool = cognito._get_pool_unscoped(asked["pool_id"]) or {}
        user = pool.get("_users", {}).get(asked["username"])
        if user is not None:
            event["request"]["userAttributes"]["cognito:user_status"] = user["UserStatus"]
        return event

    return built


def _with_groups(extract: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def extracted(payload: Any) -> Any:
        response = extract(payload)
        details = response.get(_DETAILS) if isinstance(response, dict) else None
        if not isinstance(details, dict) or _GROUPS not in details:
            return response
        for token in _TOKENS:
            details[token] = {**(details.get(token) or {}), _GROUPS: details[_GROUPS]}
        return response

    return extracted
