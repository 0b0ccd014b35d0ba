"""Threat protection and the second factor of a user pool against the running emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tools.demo.people import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def strict_pool(clients: Clients) -> Iterator[tuple[str, str]]:
    """A user pool that requires a second factor, and its client."""
    cognito = clients("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="strict", UsernameAttributes=["email"])["UserPool"]["Id"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
    )
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="strict",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]
    yield pool_id, client["ClientId"]
    cognito.delete_user_pool(UserPoolId=pool_id)


def create(clients: Clients, pool_id: str, username: str) -> dict[str, str]:
    """A user with a password of her own; what she signs in with."""
    cognito = clients("cognito-idp")
    cognito.admin_create_user(UserPoolId=pool_id, Username=username, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool_id, Username=username, Password="Right-passw0rd!", Permanent=True)
    return {"USERNAME": username, "PASSWORD": "Right-passw0rd!"}


def test_a_password_alone_gives_no_token(strict_pool: tuple[str, str], clients: Clients) -> None:
    """Who has not enrolled is asked to, and answering without having enrolled is refused."""
    pool_id, client_id = strict_pool
    cognito = clients("cognito-idp")
    user = create(clients, pool_id, "bea@example.com")

    begun = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=user)

    assert (begun["ChallengeName"], "AuthenticationResult" in begun) == ("MFA_SETUP", False)
    with pytest.raises(ClientError, match="has not been set up"):
        cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="MFA_SETUP",
            Session=begun["Session"],
            ChallengeResponses={"USERNAME": user["USERNAME"]},
        )


@pytest.mark.parametrize("challenge", ["MFA_SETUP", "NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"])
def test_a_name_alone_answers_no_challenge(strict_pool: tuple[str, str], clients: Clients, challenge: str) -> None:
    """A challenge can be answered only in the session that it was given in."""
    pool_id, client_id = strict_pool
    username = f"{challenge.lower()}@example.com"
    create(clients, pool_id, username)
    answers = {"USERNAME": username, "NEW_PASSWORD": "Other-passw0rd!", "SOFTWARE_TOKEN_MFA_CODE": "000000"}

    with pytest.raises(ClientError, match="Invalid session"):
        clients("cognito-idp").respond_to_auth_challenge(
            ClientId=client_id, ChallengeName=challenge, Session="A" * 44, ChallengeResponses=answers
        )


def test_a_user_signs_in_with_a_proved_password_and_a_code(strict_pool: tuple[str, str], clients: Clients) -> None:
    """The password is never sent, a wrong one and wrong codes are refused, and the right ones give tokens."""
    pool_id, client_id = strict_pool

    signed_in = sign_in(clients, pool_id, client_id, "cyd@example.com")

    assert clients("cognito-idp").get_user(AccessToken=signed_in.access_token)["UserAttributes"]
    assert [error for _, error in signed_in.refusals] == [
        "NotAuthorizedException",
        "EnableSoftwareTokenMFAException",
        "CodeMismatchException",
    ]
