"""Create a user, enrol a second factor and sign in with it, as an app on a phone would."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyotp
from botocore.exceptions import ClientError

from tools.demo.secure_remote_password import PasswordProof

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
    """

    username: str
    access_token: str
    id_token: str
    refusals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    """The app client that signs in."""

    pool_id: str
    client_id: str

    def respond(self, cognito: Any, challenge: dict[str, Any], responses: dict[str, str]) -> dict[str, Any]:
        """Answer one challenge; the one about the password comes without a session."""
        session = {"Session": challenge["Session"]} if "Session" in challenge else {}
        answer: dict[str, Any] = cognito.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=challenge["ChallengeName"],
            ChallengeResponses=responses,
            **session,
        )
        return answer


def sign_in(clients: Clients, pool_id: str, client_id: str, username: str = "ada@example.com") -> SignedIn:
    """
    Create *username*, enrol an authenticator app and sign in with its code.

    Raises:
        SignInError: A wrong password or code was accepted, or no code was asked for.
    """
    cognito = clients("cognito-idp")
    client = _Client(pool_id=pool_id, client_id=client_id)
    password = _password()
    _create(cognito, pool_id, username, password)
    refused_password = _refusal(lambda: _enter_password(cognito, client, username, _password()))
    first = _enter_password(cognito, client, username, password)
    app, refused_enrolment = _enrol(cognito, client, first, username)
    refused_code = _refusal(lambda: _enter_code(cognito, client, username, password, _wrong(app)))
    tokens = _enter_code(cognito, client, username, password, app.now())["AuthenticationResult"]
    return SignedIn(
        username=username,
        access_token=tokens["AccessToken"],
        id_token=tokens["IdToken"],
        refusals=(
            ("sign-in with a wrong password", refused_password),
            ("enrolment with a wrong code", refused_enrolment),
            ("sign-in with a wrong code", refused_code),
        ),
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


def _enter_password(cognito: Any, client: _Client, username: str, password: str) -> dict[str, Any]:
    """Prove the password without sending it; what Cognito asks for next, or tokens."""
    proof = PasswordProof(client.pool_id, password)
    begun = cognito.initiate_auth(
        ClientId=client.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": username, "SRP_A": proof.public_value},
    )
    return client.respond(cognito, begun, proof.answer(begun["ChallengeParameters"]))


def _enrol(cognito: Any, client: _Client, challenge: dict[str, Any], username: str) -> tuple[pyotp.TOTP, str]:
    """Enrol an authenticator app where the challenge demands it; the app, and how a wrong code was refused."""
    if challenge.get("ChallengeName") != "MFA_SETUP":
        raise SignInError("the password alone was enough: no second factor was asked for")
    begun = cognito.associate_software_token(Session=challenge["Session"])
    app = pyotp.TOTP(begun["SecretCode"])
    session = begun["Session"]
    refused = _refusal(lambda: cognito.verify_software_token(UserCode=_wrong(app), Session=session))
    verified = cognito.verify_software_token(UserCode=app.now(), Session=session)
    if verified["Status"] != "SUCCESS":
        raise SignInError(f"the authenticator app was not enrolled: {verified['Status']}")
    done = {"ChallengeName": "MFA_SETUP", "Session": verified["Session"]}
    client.respond(cognito, done, {"USERNAME": username})
    return app, refused


def _enter_code(cognito: Any, client: _Client, username: str, password: str, code: str) -> dict[str, Any]:
    challenge = _enter_password(cognito, client, username, password)
    if challenge.get("ChallengeName") != "SOFTWARE_TOKEN_MFA":
        raise SignInError(f"no code was asked for, but {challenge.get('ChallengeName') or 'tokens were given'}")
    user = challenge["ChallengeParameters"].get("USER_ID_FOR_SRP", username)
    return client.respond(cognito, challenge, {"USERNAME": user, "SOFTWARE_TOKEN_MFA_CODE": code})


def _refusal(attempt: Any) -> str:
    """The error that *attempt* meets; meeting none is the fault."""
    try:
        attempt()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    raise SignInError("a wrong password or code was accepted")


def _wrong(app: pyotp.TOTP) -> str:
    """A code of the right form that is far from the valid one."""
    return f"{(int(app.now()) + 500_000) % 1_000_000:06d}"
