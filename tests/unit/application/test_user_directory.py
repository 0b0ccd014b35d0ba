"""Everyone signs in with a password and a code, and nothing weakens that."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_

from genai_layers import testing
from genai_layers.application import Api, UserDirectory, UserDirectoryError
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey
from genai_layers.testing import Template, resources

pytestmark = pytest.mark.synth


def _of(template: Template, type: str, prefix: str) -> dict[str, Any]:
    (found,) = [one for name, one in resources(template, type).items() if name.startswith(prefix)]
    return found


@pytest.fixture(scope="module")
def pool(template: Template) -> dict[str, Any]:
    """The user pool as it comes."""
    return _of(template, "AWS::Cognito::UserPool", "Directory")


@pytest.fixture(scope="module")
def client(template: Template) -> dict[str, Any]:
    """Its app client."""
    return _of(template, "AWS::Cognito::UserPoolClient", "Directory")["Properties"]


def test_a_second_factor_is_required_and_comes_from_an_app(pool: dict[str, Any]) -> None:
    """Required from the first deploy, since Cognito refuses it later; neither SMS nor e-mail."""
    assert pool["Properties"]["MfaConfiguration"] == "ON"
    assert pool["Properties"]["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_no_prop_makes_the_second_factor_optional() -> None:
    """What cannot be asked for cannot be asked for by mistake."""
    import inspect

    assert not [name for name in inspect.signature(UserDirectory.__init__).parameters if "mfa" in name]


def test_no_device_is_remembered(pool: dict[str, Any]) -> None:
    """A remembered device would take the place of the code."""
    assert "DeviceConfiguration" not in pool["Properties"]


def test_recovering_a_password_leaves_the_second_factor(pool: dict[str, Any]) -> None:
    """The password comes back by e-mail, which is no second factor here; a new address counts once verified."""
    assert pool["Properties"]["AccountRecoverySetting"]["RecoveryMechanisms"] == [
        {"Name": "verified_email", "Priority": 1}
    ]
    assert "EMAIL_OTP" not in pool["Properties"]["EnabledMfas"]
    assert pool["Properties"]["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


def test_users_are_invited(pool: dict[str, Any]) -> None:
    """Nobody signs up, and an invitation is good for a day."""
    assert pool["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Properties"]["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 1
    message = pool["Properties"]["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    assert "{username}" in message
    assert "{####}" in message


def test_passwords_are_long_and_not_used_again(pool: dict[str, Any]) -> None:
    """Fourteen characters of every kind."""
    policy = pool["Properties"]["Policies"]["PasswordPolicy"]

    assert policy["MinimumLength"] == 14
    assert policy["PasswordHistorySize"] == 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Numbers", "Symbols", "Uppercase"))


def test_threats_are_answered(template: Template, pool: dict[str, Any]) -> None:
    """Leaked passwords and the highest risk are blocked, for every client."""
    risk = _of(template, "AWS::Cognito::UserPoolRiskConfigurationAttachment", "Directory")["Properties"]

    assert pool["Properties"]["UserPoolTier"] == "PLUS"
    assert pool["Properties"]["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}
    assert risk["ClientId"] == "ALL"
    assert risk["CompromisedCredentialsRiskConfiguration"]["Actions"]["EventAction"] == "BLOCK"
    actions = risk["AccountTakeoverRiskConfiguration"]["Actions"]
    assert {level: action["EventAction"] for level, action in actions.items()} == {
        "LowAction": "MFA_REQUIRED",
        "MediumAction": "MFA_REQUIRED",
        "HighAction": "BLOCK",
    }


def test_the_users_are_kept(pool: dict[str, Any]) -> None:
    """Neither a deleted stack nor a deleted resource takes them along."""
    assert pool["Properties"]["DeletionProtection"] == "ACTIVE"
    assert pool["DeletionPolicy"] == "Retain"


def test_the_client_proves_the_password_and_holds_no_secret(client: dict[str, Any]) -> None:
    """SRP and nothing that sends the password."""
    assert sorted(client["ExplicitAuthFlows"]) == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlowsUserPoolClient"] is False


def test_tokens_are_short_and_can_be_revoked(client: dict[str, Any]) -> None:
    """A quarter of an hour; the session half a day."""
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert (client["AccessTokenValidity"], client["RefreshTokenValidity"]) == (15, 720)
    assert client["EnableTokenRevocation"] is True


def test_nobody_learns_who_has_an_account(client: dict[str, Any]) -> None:
    """An unknown user and a wrong password look the same."""
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_a_user_cannot_change_the_address_that_was_invited(client: dict[str, Any]) -> None:
    """Nor anything that decides what the user may do."""
    assert client["WriteAttributes"] == ["name"]


def test_a_relaxation_has_a_reason_in_the_template(template: Template) -> None:
    """An auditor reads why beside what."""
    pool = _of(template, "AWS::Cognito::UserPool", "Relaxed")
    client = _of(template, "AWS::Cognito::UserPoolClient", "Relaxed")["Properties"]

    assert pool["Metadata"]["genai-layers:off:secure-remote-password"].startswith("a legacy client")
    assert pool["Metadata"]["genai-layers:off:threat-protection"].startswith("this directory holds robots")
    assert "ALLOW_USER_PASSWORD_AUTH" in client["ExplicitAuthFlows"]
    assert pool["Properties"]["UserPoolTier"] == "ESSENTIALS"
    assert pool["Properties"]["MfaConfiguration"] == "ON"
    assert pool["Properties"]["DeletionProtection"] == "INACTIVE"


def test_a_passkey_is_two_factors_or_none(template: Template) -> None:
    """The device must verify its user, and only then does a passkey satisfy the required second factor."""
    pool = _of(template, "AWS::Cognito::UserPool", "Relaxed")["Properties"]
    client = _of(template, "AWS::Cognito::UserPoolClient", "Relaxed")["Properties"]

    assert pool["WebAuthnRelyingPartyID"] == "chat.example.com"
    assert pool["WebAuthnUserVerification"] == "required"
    assert pool["WebAuthnFactorConfiguration"] == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    assert pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"] == ["PASSWORD", "WEB_AUTHN"]
    assert "ALLOW_USER_AUTH" in client["ExplicitAuthFlows"]


def test_passkeys_are_off_unless_asked_for(pool: dict[str, Any], client: dict[str, Any]) -> None:
    """They need a page on a domain of one's own."""
    assert not [name for name in pool["Properties"] if name.startswith("WebAuthn")]
    assert "SignInPolicy" not in pool["Properties"]["Policies"]
    assert "ALLOW_USER_AUTH" not in client["ExplicitAuthFlows"]


def test_groups_and_tenants_are_named_as_the_token_says_them(template: Template) -> None:
    """A tenant is a group with a prefix that no other group can have."""
    groups = {one["Properties"]["GroupName"] for one in resources(template, "AWS::Cognito::UserPoolGroup").values()}

    assert groups == {"staff", "editors", "tenant:acme"}


@pytest.mark.parametrize("name", ["", "a b", "tenant:acme", "x" * 129, "a]"])
def test_refuses_a_group_that_the_token_could_not_say(name: str) -> None:
    """The API turns the list of groups into one text, so a name has neither spaces nor brackets."""
    with pytest.raises(UserDirectoryError, match="cannot be used"):
        UserDirectory(testing.stack(), "Directory").add_group(name, description="x")


@pytest.mark.parametrize("name", ["", "a:b", "a/b", "*", "x" * 65, "a.b"])
def test_refuses_a_tenant_that_could_not_be_searched_for(name: str) -> None:
    """The name is part of the key of the user's data and of the filter of the search."""
    with pytest.raises(UserDirectoryError, match="cannot be used"):
        UserDirectory(testing.stack(), "Directory").add_tenant(name)


def test_says_all_that_is_wrong_at_once() -> None:
    """Validities and reasons together."""
    with pytest.raises(UserDirectoryError) as caught:
        UserDirectory(
            testing.stack(),
            "Directory",
            access_token_validity=Duration.minutes(1),
            session_validity=Duration.minutes(2),
            password_sign_in_reason="because",
            passkey_domain="https://chat.example.com",
        )

    assert caught.value.faults == (
        "access_token_validity is 1 minute: choose 5 minutes to 1 day",
        "session_validity is 2 minutes: choose 1 hour to 10 years",
        "passkey_domain is 'https://chat.example.com': give a domain in lower case, as in 'chat.example.com'",
        "reason 'because' has 7 characters, at least 20 are needed: say why",
    )


def test_a_session_outlives_its_tokens() -> None:
    """Otherwise nothing could ever be refreshed."""
    with pytest.raises(UserDirectoryError, match="make it longer"):
        UserDirectory(
            testing.stack(), "Directory", access_token_validity=Duration.days(1), session_validity=Duration.hours(2)
        )


def test_refuses_a_region_without_user_pools() -> None:
    """Named at synth, with the partition that lacks it."""
    with pytest.raises(RegionError, match="'cn-north-1' lacks AWS::Cognito::UserPool"):
        UserDirectory(testing.stack(region="cn-north-1"), "Directory")


def test_the_authorizer_trusts_the_pool_of_its_own_partition() -> None:
    """In GovCloud the issuer is there as well."""
    stack = testing.stack(region="us-gov-west-1")
    key = EncryptionKey(stack, "Key", description="logs")
    api = Api(stack, "Api", directory=UserDirectory(stack, "Directory"), log_key=key.key)
    arn = "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:chat"
    api.add_route("POST /chat", lambda_.Function.from_function_arn(stack, "Chat", arn))
    template = testing.template(stack)

    (authorizer,) = resources(template, "AWS::ApiGateway::Authorizer").values()
    (pool,) = resources(template, "AWS::Cognito::UserPool")
    assert authorizer["Properties"]["ProviderARNs"] == [{"Fn::GetAtt": [pool, "Arn"]}]
    assert "arn:aws:" not in str(template)
