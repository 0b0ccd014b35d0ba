"""People of other directories and programs: what the template lets in, and by which way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.aws_logs import RetentionDays

from genai_layers import testing
from genai_layers.application import (
    Api,
    ApiScope,
    FederatedSignIn,
    OidcProvider,
    SamlProvider,
    UserDirectory,
)
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey, KeyUse, PythonFunction, WorkloadRole
from genai_layers.foundation.nag import attach_checks
from genai_layers.runtime.federation.providers import read
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Template, resources

pytestmark = pytest.mark.synth

PAGE = "https://chat.example.com/"
REASON = "the partner assigns who may use the chat"


def company(stack: Stack, **changes: Any) -> OidcProvider:
    """A directory that speaks OpenID Connect."""
    made = OidcProvider(
        name="Company",
        label="Company account",
        issuer="https://login.example.com",
        client_id="chat",
        client_secret=secretsmanager.Secret.from_secret_name_v2(stack, "Theirs", "company/chat"),
        secret_field="value",
        groups={"Engineering": "staff", "Acme": "tenant:acme"},
    )
    return replace(made, **changes)


PARTNER = SamlProvider(
    name="Partner", label="Partner", metadata_url="https://idp.example.org/metadata", everyone_reason=REASON
)


def add_identity(stack: Stack) -> None:
    """Define a directory with both, a program, and an API with a route for each."""
    uses = [KeyUse.LOGS, KeyUse.LAMBDA, KeyUse.SECRETS_MANAGER]
    key = EncryptionKey(stack, "Key", description="logs and secrets", uses=uses).key
    directory = UserDirectory(stack, "Directory")
    FederatedSignIn(
        stack,
        "Federation",
        directory=directory,
        providers=[company(stack), PARTNER],
        callback_urls=[PAGE],
        log_key=key,
    )
    reports = directory.add_machine_client("Reports", key=key, scopes=[ApiScope.ASK])
    reports.grant_read(
        WorkloadRole(stack, "Batch", description="reports", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    )
    api = Api(stack, "Api", directory=directory, log_key=key)
    answering = PythonFunction(
        stack, "Answering", handler_folder="chat", description="answers", key=key, log_retention=RetentionDays.ONE_YEAR
    )
    api.add_route("POST /chat", answering.function, scopes=reports.scopes)
    api.add_route("GET /conversations", answering.function)


@pytest.fixture(scope="module")
def template() -> Template:
    """All of it, clean under every cdk-nag pack, our own rules and the CloudFormation validator."""
    app = testing.app()
    attach_checks(app, packs=("AwsSolutions", "NIST80053R5", "HIPAA", "PCI"))
    stack = testing.stack(app)
    add_identity(stack)
    return testing.template(stack)


def one(template: Template, type: str, prefix: str = "") -> dict[str, Any]:
    """The one resource of *type* whose name begins with *prefix*."""
    (found,) = [each for name, each in resources(template, type).items() if name.startswith(prefix)]
    return found["Properties"]


def test_the_pool_asks_whenever_somebody_comes_and_whenever_it_makes_tokens(template: Template) -> None:
    """Twice, so that neither a provider added by hand nor a refresh token of before gets round it."""
    asked = one(template, "AWS::Cognito::UserPool")["LambdaConfig"]
    (gate,) = [name for name in resources(template, "AWS::Lambda::Function") if name.startswith("FederationGate")]
    arn = {"Fn::GetAtt": [gate, "Arn"]}

    assert asked == {
        "InboundFederation": {"LambdaArn": arn, "LambdaVersion": "V1_0"},
        "PreTokenGenerationConfig": {"LambdaArn": arn, "LambdaVersion": "V2_0"},
    }


def test_the_pool_and_nobody_else_may_ask(template: Template) -> None:
    """Of this account."""
    permission = one(template, "AWS::Lambda::Permission", "FederationGate")
    (pool,) = resources(template, "AWS::Cognito::UserPool")

    assert permission["Principal"] == "cognito-idp.amazonaws.com"
    assert permission["SourceArn"] == {"Fn::GetAtt": [pool, "Arn"]}
    assert permission["SourceAccount"] == "111122223333"


def test_the_function_can_read_what_it_is_told(template: Template) -> None:
    """The settings of the template, read by the function's own code."""
    function = one(template, "AWS::Lambda::Function", "FederationGate")
    providers = read(Environment(function["Environment"]["Variables"]))

    assert providers["Company"].groups == {"Engineering": "staff", "Acme": "tenant:acme"}
    assert (providers["Company"].claim, providers["Company"].everyone) == ("amr", False)
    assert "mfa" in providers["Company"].proofs
    assert not {"sms", "pwd", "otp", "hwk"} & set(providers["Company"].proofs)
    assert (providers["Partner"].kind, providers["Partner"].everyone) == ("SAML", True)
    assert function["Timeout"] <= 5


def test_the_secret_of_a_provider_is_in_no_template(template: Template) -> None:
    """CloudFormation reads it from Secrets Manager when it deploys."""
    secret = one(template, "AWS::Cognito::UserPoolIdentityProvider", "FederationCompany")["ProviderDetails"][
        "client_secret"
    ]

    assert secret.startswith("{{resolve:secretsmanager:")
    assert secret.endswith(":SecretString:value::}}")


def test_nobody_starts_a_sign_in_from_the_providers_side(template: Template) -> None:
    """An assertion that nobody asked for could sign a person in to somebody else's account; requests are signed."""
    details = one(template, "AWS::Cognito::UserPoolIdentityProvider", "FederationPartner")["ProviderDetails"]

    assert (details["IDPInit"], details["RequestSigningAlgorithm"]) == ("false", "rsa-sha256")


def test_the_client_of_other_directories_takes_nobody_of_the_pool(template: Template) -> None:
    """By a code and no other way; people of the pool have the client that asks for their code."""
    client = one(template, "AWS::Cognito::UserPoolClient", "Federation")

    assert client["SupportedIdentityProviders"] == ["Company", "Partner"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert (client["AllowedOAuthFlows"], client["GenerateSecret"]) == (["code"], False)
    assert client["CallbackURLs"] == [PAGE]
    assert (client["AccessTokenValidity"], client["RefreshTokenValidity"]) == (15, 720)


def test_nobody_writes_their_own_groups(template: Template) -> None:
    """The client must be able to, or Cognito could not; so its tokens have not the scope that lets a user do it."""
    federated = one(template, "AWS::Cognito::UserPoolClient", "Federation")
    own = one(template, "AWS::Cognito::UserPoolClient", "DirectoryClient")

    assert "custom:federated_groups" in federated["WriteAttributes"]
    assert federated["AllowedOAuthScopes"] == ["openid", "email", "api/person"]
    assert own["WriteAttributes"] == ["name"]


def test_the_address_of_sign_in_is_born_with_the_stack(template: Template) -> None:
    """It is one name for all accounts of a region, so a fixed one would be taken the second time."""
    domain = json.dumps(one(template, "AWS::Cognito::UserPoolDomain")["Domain"])

    assert "AWS::StackId" in domain
    assert not [word for word in ("aws-", "amazon", "cognito") if word in domain.split("AWS::")[0].lower()]


def test_a_program_reaches_the_routes_of_its_scopes_alone(template: Template) -> None:
    """A route that names none is for people."""
    scopes = {
        route["HttpMethod"]: route["AuthorizationScopes"]
        for route in (each["Properties"] for each in resources(template, "AWS::ApiGateway::Method").values())
    }

    people = ["aws.cognito.signin.user.admin", "api/person"]
    assert scopes == {"POST": [*people, "api/ask"], "GET": people}


def test_a_program_gets_tokens_for_its_secret_and_nobody_signs_in_with_it(template: Template) -> None:
    """Client credentials, its own scopes, an hour."""
    client = one(template, "AWS::Cognito::UserPoolClient", "DirectoryReports")

    assert client["AllowedOAuthFlows"] == ["client_credentials"]
    assert client["AllowedOAuthScopes"] == ["api/ask"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert (client["GenerateSecret"], client["AccessTokenValidity"]) == (True, 60)


def test_the_secret_of_a_program_is_in_no_template(template: Template) -> None:
    """CloudFormation carries it from Cognito to Secrets Manager, under a key of ours."""
    secret = one(template, "AWS::SecretsManager::Secret")
    (client,) = [name for name in resources(template, "AWS::Cognito::UserPoolClient") if "Reports" in name]

    assert {"Fn::GetAtt": [client, "ClientSecret"]} in secret["SecretString"]["Fn::Join"][1]
    assert "KmsKeyId" in secret
    assert "oauth2/token" in json.dumps(secret["SecretString"])


def test_who_may_read_the_secret_says_so_in_its_own_policy(template: Template) -> None:
    """One secret, and its key by way of Secrets Manager."""
    statements = one(template, "AWS::IAM::Policy", "Batch")["PolicyDocument"]["Statement"]

    assert [each["Action"] for each in statements] == [
        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "kms:Decrypt",
    ]
    assert "secretsmanager.us-east-1." in str(statements[1]["Condition"]["StringEquals"]["kms:ViaService"])


def test_it_costs_a_secret_while_nobody_comes(template: Template) -> None:
    """Everything else is paid by use."""
    report = idle_floor({"Stack": dict(template)}, "us-east-1")

    assert [line.what for line in report.unpriced] == []
    assert {"secret"} == {line.what for line in report.lines if "Reports" in line.logical_id and line.usd_per_month}
