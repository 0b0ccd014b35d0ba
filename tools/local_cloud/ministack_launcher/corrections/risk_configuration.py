"""
Cognito's threat protection settings can be stored and read back.

MiniStack 1.5.33 has neither SetRiskConfiguration nor DescribeRiskConfiguration, and moto has not either.
The settings are kept as they are sent; no sign-in is judged by them.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import json_response
from ministack.services import cognito

_KINDS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)
_SETTINGS = "_risk_configurations"
_EVERY_CLIENT = "ALL"


def apply() -> None:
    """Answer the two operations beside MiniStack's own."""
    theirs = cognito._dispatch_idp

    async def dispatch(action: str, data: dict[str, Any]) -> Any:
        if action == "SetRiskConfiguration":
            return store(data)
        if action == "DescribeRiskConfiguration":
            return tell(data)
        return await theirs(action, data)

    cognito._dispatch_idp = dispatch


def store(data: dict[str, Any]) -> Any:
    """Keep the settings with the pool, so that they go when it goes."""
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    if error:
        return error
    client = data.get("ClientId", _EVERY_CLIENT)
    pool.setdefault(_SETTINGS, {})[client] = {kind: data[kind] for kind in _KINDS if kind in data}
    return tell(data)


def tell(data: dict[str, Any]) -> Any:
    """The settings of one client, or of all."""
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    if error:
        return error
    client = data.get("ClientId", _EVERY_CLIENT)
    kept = pool.get(_SETTINGS, {}).get(client, {})
    return json_response({"RiskConfiguration": {"UserPoolId": data["UserPoolId"], "ClientId": client, **kept}})
