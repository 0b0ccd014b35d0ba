"""A program that asks without a person, with a secret of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from genai_layers.application.directory_checks import check_machine
from genai_layers.application.token_audience import ApiScope
from genai_layers.foundation.nag import acknowledge

if TYPE_CHECKING:
    from genai_layers.application.user_directory import UserDirectory


class MachineClient(Construct):
    """
    An app client for a program, which gets tokens for its secret (client credentials).

    Its tokens have the scopes that are given here and no others, so they reach the routes that ask for one of
    these, and none that is for people alone. No user can sign in with it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new client with a new secret.
        directory: Gives the tokens.
        key: Key of the secret; it needs `KeyUse.SECRETS_MANAGER`.
        scopes: What its tokens allow.
        tenant: Tenant whose documents it finds, as in `UserDirectory.add_tenant`. Default: none; where there are
            tenants a chat refuses such a client.
        tokens_per_day: Model tokens of a day, read and written. Default: as many as a chat grants a user.
        token_validity: Life of an access token, 5 minutes to a day. Default: an hour; every token is paid for, so
            a program keeps one until it expires.
        removal_policy: What happens to the secret when the stack goes. Default: it is kept.

    Attributes:
        client: The app client.
        secret: JSON with `client_id`, `client_secret`, `token_url` and `scope`.
        scopes: What its tokens allow.
        tenant: Tenant whose documents it finds; None where it has none.
        tokens_per_day: Model tokens of a day; None leaves it to the chat.

    Raises:
        UserDirectoryError: Scopes, tenant, tokens or validity cannot be.

    Example:
        reports = directory.add_machine_client("Reports", key=key.key, scopes=[ApiScope.ASK])
        chat = ChatService(self, "Chat", machines=[reports], ...)
        reports.grant_read(batch.role)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        directory: UserDirectory,
        key: kms.IKey,
        scopes: Sequence[ApiScope],
        tenant: str | None = None,
        tokens_per_day: int | None = None,
        token_validity: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        validity = Duration.hours(1) if token_validity is None else token_validity
        check_machine(scopes, validity, tenant=tenant, tokens_per_day=tokens_per_day)
        self.scopes = tuple(scopes)
        self.tenant = tenant
        self.tokens_per_day = tokens_per_day
        self._key = key
        server = directory.audience.server(*scopes)
        self.client = cognito.CfnUserPoolClient(
            self,
            "Resource",
            user_pool_id=directory.user_pool.user_pool_id,
            access_token_validity=validity.to_minutes(),
            allowed_o_auth_flows=["client_credentials"],
            allowed_o_auth_flows_user_pool_client=True,
            allowed_o_auth_scopes=[one.text for one in scopes],
            enable_token_revocation=True,
            # Cognito's own default lets users sign in with their password.
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
            generate_secret=True,
            prevent_user_existence_errors="ENABLED",
            token_validity_units=cognito.CfnUserPoolClient.TokenValidityUnitsProperty(access_token="minutes"),  # noqa: S106
        )
        self.client.node.add_dependency(server)
        self.secret = self._keep(directory, key, removal_policy)

    @property
    def client_id(self) -> str:
        """Id of the app client, the subject of its tokens."""
        return self.client.ref

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* read the secret, and so act as this program.

        All of it goes into the grantee's own policy: `Secret.grant_read` would name the grantee in the policy of the
        key, and tie the key's stack to every caller's.

        Args:
            grantee: Who may read it.
        """
        stack = Stack.of(self)
        read = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resource_arns=[self.secret.secret_arn],
        )
        decrypt = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt"],
            resource_arns=[self._key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"secretsmanager.{stack.region}.{stack.url_suffix}"}},
        )
        return read.combine(decrypt)

    def _keep(self, directory: UserDirectory, key: kms.IKey, removal_policy: RemovalPolicy) -> secretsmanager.Secret:
        """Put what the program needs in one secret; CloudFormation carries it there, so it is in no template."""
        plain = {
            "client_id": self.client_id,
            "token_url": f"{directory.audience.domain.base_url()}/oauth2/token",
            "scope": " ".join(one.text for one in self.scopes),
        }
        secret = secretsmanager.Secret(
            self,
            "Secret",
            description="what a program signs in with at the API",
            # By reference, so that a grant writes nothing into the policy of the key.
            encryption_key=kms.Key.from_key_arn(self, "Key", key.key_arn),
            removal_policy=removal_policy,
            secret_object_value={
                **{name: SecretValue.unsafe_plain_text(value) for name, value in plain.items()},
                "client_secret": SecretValue.resource_attribute(self.client.attr_client_secret),
            },
        )
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            "SecretsManagerRotationEnabled",
            reason="Cognito makes the secret, and a program that holds the old one would be locked out by a timer; it "
            "is rotated with two valid secrets at a time, as docs/application.md describes.",
        )
        return secret
