"""What a user pool does about a sign-in that looks wrong."""

from __future__ import annotations

from aws_cdk import aws_cognito as cognito
from constructs import Construct


def respond_to_risk(scope: Construct, user_pool: cognito.IUserPool) -> None:
    """
    Say what happens at each risk, rather than leave it to the service's defaults.

    Args:
        scope: The construct that this belongs to.
        user_pool: The user pool.
    """
    cognito.CfnUserPoolRiskConfigurationAttachment(
        scope,
        "Risk",
        user_pool_id=user_pool.user_pool_id,
        client_id="ALL",
        compromised_credentials_risk_configuration={"actions": {"eventAction": "BLOCK"}},
        account_takeover_risk_configuration={
            "actions": {
                # Everyone enters a code anyway, so only the highest risk needs an answer of its own.
                "lowAction": {"eventAction": "MFA_REQUIRED", "notify": False},
                "mediumAction": {"eventAction": "MFA_REQUIRED", "notify": False},
                "highAction": {"eventAction": "BLOCK", "notify": False},
            }
        },
    )
