"""People of other directories: a second factor there, or no token here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from genai_layers.runtime.federation.handler import GROUPS_ATTRIBUTE, GROUPS_CLAIM, RefusedError, respond
from genai_layers.runtime.federation.providers import Provider, read
from genai_layers.runtime.shared.env import Environment, MissingSettingError

ENTRA = "http://schemas.microsoft.com/claims/authnmethodsreferences"
PROVIDERS = {
    "Company": Provider(
        kind="OIDC",
        claim="amr",
        proofs=("mfa", "pwd otp"),
        groups_claim="groups",
        groups={"Engineering": "staff", "Data Science": "analysts", "Acme": "tenant:acme"},
    ),
    "Partner": Provider(
        kind="SAML", claim=ENTRA, proofs=("http://x/multipleauthn",), groups_claim="memberOf", everyone=True
    ),
}


def arrival(provider: str = "Company", *, kind: str = "OIDC", **attributes: Any) -> dict[str, Any]:
    """The question of the pool when somebody comes from another directory."""
    return {
        "version": "1",
        "triggerSource": "InboundFederation_ExternalProvider",
        "userPoolId": "us-east-1_EXAMPLE12",
        "userName": f"{provider}_ada",
        "callerContext": {"clientId": "1example23456789"},
        "request": {"providerName": provider, "providerType": kind, "attributes": attributes},
        "response": {"userAttributesToMap": {}},
    }


def tokens(
    source: str = "TokenGeneration_HostedAuth", given: tuple[str, ...] = (), **attributes: Any
) -> dict[str, Any]:
    """The question of the pool when it makes tokens for somebody of another directory."""
    return {
        "version": "2",
        "triggerSource": source,
        "request": {
            "userAttributes": {
                "sub": "24b8c4d8-5031-70a1-0c12-1234567890ab",
                "cognito:user_status": "EXTERNAL_PROVIDER",
                "identities": json.dumps([{"providerName": "Company", "userId": "ada"}]),
                GROUPS_ATTRIBUTE: ",staff",
                **attributes,
            },
            "groupConfiguration": {"groupsToOverride": list(given)},
            "scopes": ["openid", "api/person"],
        },
        "response": {"claimsAndScopeOverrideDetails": None},
    }


def told(event: dict[str, Any]) -> dict[str, str]:
    """What the pool may keep of the person."""
    kept: dict[str, str] = respond(event, lambda: PROVIDERS)["response"]["userAttributesToMap"]
    return kept


def groups(event: dict[str, Any]) -> list[str]:
    """Groups in the tokens."""
    answer = respond(event, lambda: PROVIDERS)["response"]["claimsAndScopeOverrideDetails"]
    named: list[str] = answer["groupOverrideDetails"]["groupsToOverride"]
    return named


@pytest.mark.parametrize("amr", [["pwd", "mfa"], '["pwd","mfa"]', "[pwd, mfa]", "pwd mfa", ["otp", "pwd"], "mfa"])
def test_a_proved_factor_lets_in(amr: object) -> None:
    """In whichever way the pool hands the claim on."""
    assert told(arrival(idToken={"sub": "ada", "amr": amr, "groups": ["Engineering"]}))[GROUPS_CLAIM] == ",staff"


@pytest.mark.parametrize(
    "amr", [None, "", [], ["pwd"], ["otp"], "[]", "mfab", ["mfa "], {"mfa": True}, True, 1, ["sms", "pwd"], '"mfa-off"']
)
def test_anything_else_is_refused(amr: object) -> None:
    """Absent, empty, one factor, another word, another type."""
    with pytest.raises(RefusedError, match="proved no second factor"):
        respond(arrival(idToken={"sub": "ada", "amr": amr, "groups": ["Engineering"]}), lambda: PROVIDERS)


def test_only_what_the_provider_signed_proves_a_factor() -> None:
    """Neither the answer of `userInfo` nor what came beside the token."""
    event = arrival(
        idToken={"sub": "ada", "groups": ["Engineering"]}, userInfo={"amr": ["mfa"]}, tokenResponse={"amr": ["mfa"]}
    )

    with pytest.raises(RefusedError, match="no second factor"):
        respond(event, lambda: PROVIDERS)


def test_a_provider_of_one_kind_is_not_believed_in_the_way_of_the_other() -> None:
    """What the deployment says of a provider decides where is read, not what the question says."""
    with pytest.raises(RefusedError, match="no second factor"):
        respond(
            arrival("Company", kind="SAML", samlResponse={"amr": "mfa", "groups": "Engineering"}), lambda: PROVIDERS
        )


def test_an_assertion_proves_a_factor_by_its_attribute() -> None:
    """As Microsoft Entra ID sends it: a list of addresses."""
    proved = {ENTRA: "[http://x/password, http://x/multipleauthn]", "email": "ada@partner.example"}

    assert told(arrival("Partner", kind="SAML", samlResponse=proved))["email"] == "ada@partner.example"
    with pytest.raises(RefusedError):
        respond(arrival("Partner", kind="SAML", samlResponse={ENTRA: "http://x/password"}), lambda: PROVIDERS)


def test_an_unknown_provider_is_refused() -> None:
    """Somebody added one to the pool by hand."""
    with pytest.raises(RefusedError, match="does not know"):
        respond(arrival("Shadow", idToken={"amr": ["mfa"]}), lambda: PROVIDERS)


def test_who_is_in_no_group_that_may_come_in_is_refused() -> None:
    """A directory of thousands is not invited by being connected, unless the deployment says so."""
    with pytest.raises(RefusedError, match="in no group"):
        respond(arrival(idToken={"amr": ["mfa"], "groups": ["Sales"]}), lambda: PROVIDERS)
    assert told(arrival("Partner", kind="SAML", samlResponse={ENTRA: "http://x/multipleauthn"}))[GROUPS_CLAIM] == ","


@pytest.mark.parametrize("named", [["Data Science", "Engineering"], "[Data Science, Engineering]"])
def test_groups_there_become_groups_here(named: object) -> None:
    """And no group there becomes one here by its name alone."""
    event = arrival(idToken={"amr": "mfa", "groups": named, GROUPS_CLAIM: ",tenant:acme"})

    assert told(event)[GROUPS_CLAIM] == ",analysts,staff"


def test_what_the_pool_keeps_is_text() -> None:
    """It refuses anything else; lists are left out."""
    kept = told(
        arrival(
            idToken={"amr": ["mfa"], "groups": ["Acme"], "email": "a@b.example", "email_verified": True, "iat": 1},
            userInfo={"email": "other@b.example", "name": "Ada"},
        )
    )

    assert kept == {
        "email": "a@b.example",
        "email_verified": "true",
        "iat": "1",
        "name": "Ada",
        GROUPS_CLAIM: ",tenant:acme",
    }


@pytest.mark.parametrize("source", ["TokenGeneration_HostedAuth", "TokenGeneration_RefreshTokens"])
def test_tokens_name_the_groups_of_the_last_sign_in(source: str) -> None:
    """Beside those that an administrator gave; of those, only what the deployment still gives."""
    assert groups(tokens(source, ("editors",), **{GROUPS_ATTRIBUTE: ",staff,tenant:acme,admins"})) == [
        "editors",
        "staff",
        "tenant:acme",
    ]


def test_no_tokens_without_a_sign_in_that_was_asked() -> None:
    """An account of before, with a refresh token of before."""
    event = tokens()
    del event["request"]["userAttributes"][GROUPS_ATTRIBUTE]

    with pytest.raises(RefusedError, match="sign in anew"):
        respond(event, lambda: PROVIDERS)


@pytest.mark.parametrize("identities", [None, "", "[]", "{}", "[1]", '[{"providerName": "Gone"}]'])
def test_no_tokens_for_a_directory_that_was_taken_away(identities: object) -> None:
    """Its refresh tokens end with it, and so does an account of nowhere."""
    with pytest.raises(RefusedError):
        respond(tokens(identities=identities), lambda: PROVIDERS)


def test_people_of_the_pool_are_left_alone() -> None:
    """They gave a password and a code here; a broken setting of others does not keep them out."""
    own, linked = tokens(), tokens(**{"cognito:user_status": "CONFIRMED"})
    for name in ("cognito:user_status", "identities"):
        del own["request"]["userAttributes"][name]

    def broken() -> dict[str, Provider]:
        raise MissingSettingError("PROVIDERS is not set")

    assert respond(own, broken) == own
    assert respond(linked, broken) == linked


def test_an_account_of_another_directory_is_known_by_its_identity_too() -> None:
    """Should the pool ever leave the status out, nobody comes in by that."""
    event = tokens(**{GROUPS_ATTRIBUTE: None})
    del event["request"]["userAttributes"]["cognito:user_status"]

    with pytest.raises(RefusedError, match="sign in anew"):
        respond(event, lambda: PROVIDERS)


def test_a_question_without_an_answer_is_refused() -> None:
    """The pool was told to ask this function something else."""
    with pytest.raises(RefusedError, match="no answer to PreSignUp"):
        respond({"triggerSource": "PreSignUp_SignUp", "request": {}}, lambda: PROVIDERS)


def test_a_refusal_is_logged_without_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    """With a code, and neither name nor address."""
    with pytest.raises(RefusedError) as caught:
        respond(arrival(idToken={"email": "ada@b.example", "groups": ["Engineering"]}), lambda: PROVIDERS)

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["code"]) == ("sign_in_refused", "no_second_factor")
    assert "ada" not in json.dumps(line)
    assert "ada" not in str(caught.value)


@pytest.mark.parametrize(
    "setting", ["", "{", "[]", '{"A": {}}', '{"A": {"kind": "OIDC", "claim": "amr", "proofs": []}}']
)
def test_refuses_settings_that_prove_nothing(setting: str) -> None:
    """Rather than let people in whom nothing was asked of."""
    with pytest.raises(MissingSettingError, match="PROVIDERS"):
        read(Environment({"PROVIDERS": setting}))
