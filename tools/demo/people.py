"""Create a user, enrol a second factor and sign in with it, as an app on a phone would."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyotp
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients


class SignInError(RuntimeError):
    """Signing in did not go as it must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """
    A user who has signed in with both factors.

    Attributes:
        username: The user.
        access_token: Token for the API.
        id_token: Token that says who the user is.
        refusals: What was refused on the way, and with which error.
        enrolment_was_required: Whether the password alone gave no token before a second factor was enrolled.
    """

    username: str
    access_token: str
    id_token: str
    refusals: tuple[tuple[str, str], ...]
    enrolment_was_required: bool


def sign_in(clients: Clients, pool_id: str, client_id: str, username: str = "ada@example.com") -> SignedIn:
    """
    Create *username*, enrol an authenticator app and sign in with its code.

    Raises:
        SignInError: A wrong code was accepted, or a right one was not.
    """
    cognito = clients("cognito-idp")
    password = _password()
    _create(cognito, pool_id, username, password)
    first = _enter_password(cognito, client_id, username, password)
    required = first.get("ChallengeName") == "MFA_SETUP"
    secret, proof = _enrolment(cognito, first)
    app = pyotp.TOTP(secret)
    refused_enrolment = _refusal(lambda: cognito.verify_software_token(UserCode=_wrong(app), **proof))
    verified = cognito.verify_software_token(UserCode=app.now(), **proof)
    if verified["Status"] != "SUCCESS":
        raise SignInError(f"the authenticator app was not enrolled: {verified['Status']}")
    _prefer(cognito, proof)
    refused_code = _refusal(lambda: _enter_code(cognito, client_id, username, password, _wrong(app)))
    tokens = _enter_code(cognito, client_id, username, password, app.now())["AuthenticationResult"]
    return SignedIn(
        username=username,
        access_token=tokens["AccessToken"],
        id_token=tokens["IdToken"],
        refusals=(("enrolment with a wrong code", refused_enrolment), ("sign-in with a wrong code", refused_code)),
        enrolment_was_required=required,
    )


def _password() -> str:
    """A password that every policy takes."""
    return f"Aa1!{secrets.token_urlsafe(16)}"


def _create(cognito: Any, pool_id: str, username: str, password: str) -> None:
    cognito.admin_create_user(
        UserPoolId=pool_id,
        Username=username,
        TemporaryPassword=_password(),
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": username}, {"Name": "email_verified", "Value": "true"}],
    )
    cognito.admin_set_user_password(UserPoolId=pool_id, Username=username, Password=password, Permanent=True)


def _enter_password(cognito: Any, client_id: str, username: str, password: str) -> dict[str, Any]:
    answer: dict[str, Any] = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    return answer


def _enrolment(cognito: Any, first: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The secret to enrol, and the session or token that proves who enrols it."""
    if first.get("ChallengeName") == "MFA_SETUP":
        begun = cognito.associate_software_token(Session=first["Session"])
        return begun["SecretCode"], {"Session": begun.get("Session") or first["Session"]}
    # The emulator hands out tokens before enrolment, which Cognito does not (docs/local-cloud.md).
    token = first["AuthenticationResult"]["AccessToken"]
    return cognito.associate_software_token(AccessToken=token)["SecretCode"], {"AccessToken": token}


def _prefer(cognito: Any, proof: dict[str, str]) -> None:
    if "AccessToken" in proof:
        cognito.set_user_mfa_preference(
            AccessToken=proof["AccessToken"], SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )


def _enter_code(cognito: Any, client_id: str, username: str, password: str, code: str) -> dict[str, Any]:
    challenge = _enter_password(cognito, client_id, username, password)
    if challenge.get("ChallengeName") != "SOFTWARE_TOKEN_MFA":
        raise SignInError(f"no code was asked for, but {challenge.get('ChallengeName') or 'tokens were given'}")
    answer: dict[str, Any] = cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": code},
    )
    return answer


def _refusal(attempt: Any) -> str:
    """The error that *attempt* meets; meeting none is the fault."""
    try:
        attempt()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    raise SignInError("a wrong code was accepted")


def _wrong(app: pyotp.TOTP) -> str:
    """A code of the right form that is far from the valid one."""
    return f"{(int(app.now()) + 500_000) % 1_000_000:06d}"
