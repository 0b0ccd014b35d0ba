"""Who may call an agent or a gateway, and how they prove who they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito

_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundAccess:
    """
    How callers are known; made by `iam`, `jwt` or `cognito`. There is no way to let everyone in.

    Attributes:
        discovery_url: OpenID configuration of whoever issues the tokens; None where IAM decides.
        clients: Client ids that a token may be for.
        audiences: Audiences that a token may be for.
        scopes: Scopes that a token must have one of. Default: any.
    """

    discovery_url: str | None = None
    clients: Sequence[str] = ()
    audiences: Sequence[str] = ()
    scopes: Sequence[str] = ()

    @classmethod
    def iam(cls) -> "InboundAccess":
        """Let in requests that are signed by an identity with a grant."""
        return cls()

    @classmethod
    def jwt(
        cls,
        *,
        discovery_url: str,
        clients: Sequence[str] = (),
        audiences: Sequence[str] = (),
        scopes: Sequence[str] = (),
    ) -> "InboundAccess":
        """
        Let in requests with a token of an OpenID provider.

        Args:
            discovery_url: Its configuration, `https://.../.well-known/openid-configuration`.
            clients: Client ids that a token may be for.
            audiences: Audiences that a token may be for; one of the two lists must be given.
            scopes: Scopes that a token must have one of. Default: any.
        """
        return cls(discovery_url=discovery_url, clients=clients, audiences=audiences, scopes=scopes)

    @classmethod
    def cognito(
        cls, user_pool: cognito.IUserPool, clients: Sequence[cognito.IUserPoolClient], *, scopes: Sequence[str] = ()
    ) -> "InboundAccess":
        """
        Let in people who are signed in to a user pool.

        Args:
            user_pool: The user pool.
            clients: Its clients that a token may be for.
            scopes: Scopes that a token must have one of. Default: any.
        """
        return cls(
            discovery_url=f"https://{user_pool.user_pool_provider_name}{_DISCOVERY}",
            clients=tuple(client.user_pool_client_id for client in clients),
            scopes=scopes,
        )

    def faults(self) -> list[str]:
        """Return why callers would not be told apart."""
        if self.discovery_url is None:
            return []
        faults = []
        if not self.clients and not self.audiences:
            faults.append(
                "access takes any token of its issuer: name the clients or the audiences that tokens are made for"
            )
        if not Token.is_unresolved(self.discovery_url) and not (
            self.discovery_url.startswith("https://") and self.discovery_url.endswith(_DISCOVERY)
        ):
            faults.append(f"discovery_url is {self.discovery_url!r}: give one like https://issuer{_DISCOVERY}")
        return faults

    def for_runtime(self) -> agentcore.RuntimeAuthorizerConfiguration:
        """Return the setting of a runtime."""
        if self.discovery_url is None:
            return agentcore.RuntimeAuthorizerConfiguration.using_iam()
        return agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            self.discovery_url, _listed(self.clients), _listed(self.audiences), _listed(self.scopes)
        )

    def for_gateway(self) -> agentcore.IGatewayAuthorizerConfig:
        """Return the setting of a gateway."""
        if self.discovery_url is None:
            return agentcore.GatewayAuthorizer.using_aws_iam()
        return agentcore.GatewayAuthorizer.using_custom_jwt(
            discovery_url=self.discovery_url,
            allowed_clients=_listed(self.clients),
            allowed_audience=_listed(self.audiences),
            allowed_scopes=_listed(self.scopes),
        )


def _listed(values: Sequence[str]) -> list[str] | None:
    return list(values) or None
