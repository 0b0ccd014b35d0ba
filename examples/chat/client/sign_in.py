"""Sign in to the user directory: a password that is never sent, and a code from an authenticator app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from srp import Proof

MAX_CHALLENGES = 5
"""Challenges of one sign-in at most: password, new password, enrolment, code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """
    Answers what only a person can.

    Attributes:
        name: E-mail address of the user.
        password: The password.
        new_password: Chooses a password in place of the one in the invitation.
        enrol: Is shown the secret for the authenticator app, and returns its first code.
        code: Returns the code that the app shows.
    """

    name: str
    password: str
    new_password: Callable[[], str]
    enrol: Callable[[str], str]
    code: Callable[[], str]


def sign_in(cognito: Any, *, pool_id: str, client_id: str, user: User) -> Mapping[str, str]:
    """
    Return the tokens of *user*; `AccessToken` is the one for the API.

    Args:
        cognito: Client of `cognito-idp`; the calls need no AWS credentials.
        pool_id: User pool.
        client_id: App client.
        user: Who signs in.
    """
    proof = Proof()
    response = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": user.name, "SRP_A": proof.public},
    )
    for _ in range(MAX_CHALLENGES):
        if "AuthenticationResult" in response:
            tokens: Mapping[str, str] = response["AuthenticationResult"]
            return tokens
        name, parameters = response["ChallengeName"], response.get("ChallengeParameters", {})
        session = {"Session": response["Session"]} if response.get("Session") else {}
        username = parameters.get("USER_ID_FOR_SRP", user.name)
        if name == "PASSWORD_VERIFIER":
            answers = proof.answer(parameters, pool_id, user.password)
        elif name == "NEW_PASSWORD_REQUIRED":
            answers = {"USERNAME": username, "NEW_PASSWORD": user.new_password()}
        elif name == "SOFTWARE_TOKEN_MFA":
            answers = {"USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": user.code()}
        elif name == "MFA_SETUP":
            session = _enrol(cognito, response["Session"], user)
            answers = {"USERNAME": username}
        else:
            raise ValueError(f"the directory asks for {name}, which this client cannot answer")
        response = cognito.respond_to_auth_challenge(
            ClientId=client_id, ChallengeName=name, ChallengeResponses=answers, **session
        )
    raise ValueError("the directory goes on asking: start again")


def _enrol(cognito: Any, session: str, user: User) -> dict[str, str]:
    begun = cognito.associate_software_token(Session=session)
    done = cognito.verify_software_token(Session=begun["Session"], UserCode=user.enrol(begun["SecretCode"]))
    if done["Status"] != "SUCCESS":
        raise ValueError("the code was wrong: start again")
    return {"Session": done["Session"]}
