"""People of other directories sign in, if they proved a second factor there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.application.errors import UserDirectoryError
from genai_layers.application.identity_providers import Provider
from genai_layers.application.token_audience import ApiScope
from genai_layers.application.user_directory import UserDirectory
from genai_layers.foundation import PythonFunction
from genai_layers.runtime.federation.handler import GROUPS_ATTRIBUTE, GROUPS_CLAIM

TRIGGER_TIMEOUT = Duration.seconds(5)
"""How long a user pool waits for an answer (Cognito developer guide, Lambda triggers, read 2026-11-25)."""

SCOPES = ("openid", "email", ApiScope.PERSON.text)
"""What the tokens of these people have."""

_LONGEST = "2048"
_CALLBACK = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?(/[^\s?#]*)?|http://localhost(:\d+)?(/[^\s?#]*)?")


class FederatedSignIn(Construct):
    """
    Identity providers, OIDC or SAML, whose people may sign in to a user directory.

    Cognito asks such people for no second factor of its own. So a function asks what their provider says: whoever
    did not prove one there gets no account and no token, and neither does whoever is in no group that may come in.
    They sign in with an app client of their own, by an authorization code (with PKCE from a page), and their tokens
    cannot change what the directory knows of them.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        directory: Lets them in. Define this before the routes of an API.
        providers: Where they come from.
        callback_urls: Addresses that a browser is sent back to with a code; https, or localhost.
        log_key: Key for the function's log and settings; it needs `REQUIRED_LOG_KEY_USES` of a chat.
        log_retention: How long its log is kept. Default: one year.
        removal_policy: What happens to its log when the stack goes. Default: it is kept.

    Attributes:
        client: The app client of these people.
        providers: Where they come from.
        callback_urls: Addresses that a browser is sent back to with a code.
        function: Decides who comes in.

    Raises:
        UserDirectoryError: A provider or an address cannot be used, or an API has routes already.

    Example:
        company = OidcProvider(name="Company", label="Company account", issuer="https://login.example.com",
                               client_id="chat", client_secret=secret, groups={"Engineering": "staff"})
        FederatedSignIn(self, "Federation", directory=directory, providers=[company], log_key=key.key,
                        callback_urls=["https://chat.example.com/"])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        directory: UserDirectory,
        providers: Sequence[Provider],
        callback_urls: Sequence[str],
        log_key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        _check(providers, callback_urls)
        self.providers = tuple(providers)
        self.callback_urls = tuple(callback_urls)
        self._directory = directory
        self._gate = PythonFunction(
            self,
            "Gate",
            handler_folder="federation",
            description="lets people of other directories in who proved a second factor there",
            key=log_key,
            log_retention=log_retention,
            environment={"PROVIDERS": Stack.of(self).to_json_string({one.name: _told(one) for one in providers})},
            timeout=TRIGGER_TIMEOUT,
            removal_policy=removal_policy,
        )
        self._ask_the_gate(directory)
        self.client = self._add_client(directory, callback_urls)
        directory.audience.admit(self.client, ApiScope.PERSON)

    @property
    def function(self) -> lambda_.Function:
        """The function that decides who comes in."""
        return self._gate.function

    @property
    def host(self) -> str:
        """Host that people are sent to, and that a page exchanges its code at."""
        return self._directory.audience.host

    def _ask_the_gate(self, directory: UserDirectory) -> None:
        """Make the pool ask the function when somebody comes, and whenever it makes tokens."""
        pool = directory.cfn_user_pool
        arn = self.function.function_arn
        pool.add_property_override("LambdaConfig.InboundFederation", {"LambdaArn": arn, "LambdaVersion": "V1_0"})
        pool.add_property_override("LambdaConfig.PreTokenGenerationConfig", {"LambdaArn": arn, "LambdaVersion": "V2_0"})
        pool.schema = [
            cognito.CfnUserPool.SchemaAttributeProperty(name="email", mutable=True, required=True),
            cognito.CfnUserPool.SchemaAttributeProperty(
                name=GROUPS_ATTRIBUTE.removeprefix("custom:"),
                attribute_data_type="String",
                # Cognito writes it anew at each sign-in.
                mutable=True,
                string_attribute_constraints=cognito.CfnUserPool.StringAttributeConstraintsProperty(
                    max_length=_LONGEST
                ),
            ),
        ]
        self.function.add_permission(
            "Directory",
            principal=iam.ServicePrincipal("cognito-idp.amazonaws.com"),
            source_account=Stack.of(self).account,
            source_arn=directory.user_pool.user_pool_arn,
        )

    def _add_client(self, directory: UserDirectory, callback_urls: Sequence[str]) -> cognito.UserPoolClient:
        server = directory.audience.server(ApiScope.PERSON)
        client = cognito.UserPoolClient(
            self,
            "Client",
            user_pool=directory.user_pool,
            access_token_validity=directory.token_validity,
            enable_token_revocation=True,
            generate_secret=False,
            id_token_validity=directory.token_validity,
            o_auth=cognito.OAuthSettings(
                callback_urls=list(callback_urls),
                logout_urls=list(callback_urls),
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                # Without `aws.cognito.signin.user.admin`, the one that lets users change their own attributes: the
                # client has to be able to write the mapped ones, or Cognito could not.
                scopes=[cognito.OAuthScope.custom(scope) for scope in SCOPES],
            ),
            prevent_user_existence_errors=True,
            read_attributes=cognito.ClientAttributes().with_standard_attributes(email=True, email_verified=True),
            refresh_token_validity=directory.session_validity,
            supported_identity_providers=[
                cognito.UserPoolClientIdentityProvider.custom(one.name) for one in self.providers
            ],
            write_attributes=cognito.ClientAttributes()
            .with_standard_attributes(email=True)
            .with_custom_attributes(GROUPS_ATTRIBUTE.removeprefix("custom:")),
        )
        resource = client.node.default_child
        assert isinstance(resource, cognito.CfnUserPoolClient)  # noqa: S101 -- what an L2 client is made of
        # Cognito's own default lets users of the pool sign in here with their password.
        resource.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]
        resource.node.add_dependency(server, *(self._add_provider(directory, one) for one in self.providers))
        cognito.CfnManagedLoginBranding(
            self,
            "Branding",
            user_pool_id=directory.user_pool.user_pool_id,
            client_id=client.user_pool_client_id,
            use_cognito_provided_values=True,
        ).node.add_dependency(directory.audience.domain)
        return client

    def _add_provider(self, directory: UserDirectory, provider: Provider) -> cognito.CfnUserPoolIdentityProvider:
        return cognito.CfnUserPoolIdentityProvider(
            self,
            provider.name,
            attribute_mapping={"email": provider.email_claim, GROUPS_ATTRIBUTE: GROUPS_CLAIM},
            provider_details=provider.details(),
            provider_name=provider.name,
            provider_type=provider.kind,
            user_pool_id=directory.user_pool.user_pool_id,
        )


def _told(provider: Provider) -> dict[str, object]:
    """Return what the function has to know of a provider."""
    return {
        "kind": provider.kind,
        "claim": provider.second_factor.claim,
        "proofs": list(provider.second_factor.proofs),
        "groups_claim": provider.groups_claim,
        "groups": dict(provider.groups),
        "everyone": provider.everyone_reason is not None,
    }


def _check(providers: Sequence[Provider], callback_urls: Sequence[str]) -> None:
    faults = [fault for one in providers for fault in one.faults()]
    names = [one.name for one in providers]
    if not providers:
        faults.append("providers is empty: name where people come from, or leave this out")
    if len(set(names)) != len(names):
        faults.append(f"providers has names twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    if not callback_urls:
        faults.append("callback_urls is empty: give the address of the page, as in 'https://chat.example.com/'")
    faults += [
        f"callback_urls holds {url!r}: give an address with https, or localhost"
        for url in callback_urls
        if not _CALLBACK.fullmatch(url)
    ]
    if faults:
        raise UserDirectoryError(faults)
