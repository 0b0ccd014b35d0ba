"""Threat protection of a user pool against the running emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator


def directory(action: str | None) -> dict[str, Any]:
    """A user pool, and what it does about stolen passwords."""
    pool = {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolTier": "PLUS"}}}
    risk = {
        "Risk": {
            "Type": "AWS::Cognito::UserPoolRiskConfigurationAttachment",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "ClientId": "ALL",
                "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": action}},
            },
        }
    }
    return pool | (risk if action else {})


def stored(clients: Clients, pool_id: str) -> str | None:
    """What Cognito says it does about stolen passwords."""
    told = clients("cognito-idp").describe_risk_configuration(UserPoolId=pool_id)["RiskConfiguration"]
    actions = told.get("CompromisedCredentialsRiskConfiguration", {}).get("Actions", {})
    return actions.get("EventAction")


def test_threat_protection_is_stored_changed_and_taken_back(stack: HandmadeStack, clients: Clients) -> None:
    """The pool keeps the settings until the resource leaves the template."""
    pool_id = stack.deploy(directory("BLOCK"), {"Pool": {"Ref": "Pool"}})["Pool"]
    told = [stored(clients, pool_id)]
    for action in ("NO_ACTION", None):
        stack.deploy(directory(action), {"Pool": {"Ref": "Pool"}})
        told.append(stored(clients, pool_id))

    assert told == ["BLOCK", "NO_ACTION", None]
