"""Whose tokens an API takes, and what those tokens allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import aws_cognito as cognito
from constructs import Construct

from genai_layers.application.errors import UserDirectoryError
from genai_layers.foundation.born_name import birth

SIGNED_IN = "aws.cognito.signin.user.admin"
"""Scope of the access token of everybody who signed in at the user pool with a password and a second factor."""

SERVER = "api"
"""Name of the resource server; it stands before each scope in a token."""

_ADDRESS_CHARACTERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiScope:
    """
    What a token allows at an API.

    Attributes:
        name: Name of it, letters, digits and `._-`.
        description: What it allows.
    """

    name: str
    description: str

    ASK: ClassVar[ApiScope]
    CONVERSATIONS: ClassVar[ApiScope]
    PERSON: ClassVar[ApiScope]

    @property
    def text(self) -> str:
        """The scope as a token holds it."""
        return f"{SERVER}/{self.name}"


ApiScope.ASK = ApiScope(name="ask", description="ask questions, and list what may be asked")
ApiScope.CONVERSATIONS = ApiScope(name="conversations", description="read and delete what was asked before")
ApiScope.PERSON = ApiScope(name="person", description="everything that a person may do who signed in elsewhere")


class TokenAudience:
    """
    The app clients of a user directory whose tokens an API takes, and the scopes of those tokens.

    What is only needed by some is defined when it is first asked for: the address of the token endpoint, and the
    server that scopes belong to.

    Args:
        scope: Construct that what is defined belongs to.
        user_pool: The user pool.
        client: The app client that people of the pool sign in with.
    """

    def __init__(self, scope: Construct, user_pool: cognito.UserPool, client: cognito.IUserPoolClient) -> None:
        self._scope = scope
        self._user_pool = user_pool
        self._clients = [client]
        self._person_scopes = [SIGNED_IN]
        self._scopes: list[ApiScope] = []
        self._is_told = False

    @property
    def client_ids(self) -> tuple[str, ...]:
        """App clients that people sign in with."""
        self._is_told = True
        return tuple(client.user_pool_client_id for client in self._clients)

    @property
    def person_scopes(self) -> tuple[str, ...]:
        """Scopes of which every person has one; nobody else has any of them."""
        self._is_told = True
        return tuple(self._person_scopes)

    def admit(self, client: cognito.IUserPoolClient, scope: ApiScope) -> None:
        """
        Let people in who signed in with another app client.

        Args:
            client: The app client.
            scope: What its tokens have.

        Raises:
            UserDirectoryError: An API has been told already whom to let in.
        """
        if self._is_told:
            raise UserDirectoryError(
                [f"{client.node.path} comes after the routes of an API, which would refuse its tokens: define it first"]
            )
        self._clients.append(client)
        self._person_scopes.append(scope.text)

    def server(self, *scopes: ApiScope) -> cognito.CfnUserPoolResourceServer:
        """
        Return the server that *scopes* belong to, which is defined to have them.

        Args:
            *scopes: Scopes that an app client is to be given.
        """
        self._scopes += [scope for scope in scopes if scope not in self._scopes]
        found = self._scope.node.try_find_child("ApiScopes")
        server = (
            found
            if isinstance(found, cognito.CfnUserPoolResourceServer)
            else cognito.CfnUserPoolResourceServer(
                self._scope, "ApiScopes", identifier=SERVER, name=SERVER, user_pool_id=self._user_pool.user_pool_id
            )
        )
        server.scopes = [
            cognito.CfnUserPoolResourceServer.ResourceServerScopeTypeProperty(
                scope_name=scope.name, scope_description=scope.description
            )
            for scope in self._scopes
        ]
        return server

    @property
    def domain(self) -> cognito.UserPoolDomain:
        """Where tokens are asked for, and where people are sent who sign in elsewhere."""
        found = self._scope.node.try_find_child("Domain")
        if isinstance(found, cognito.UserPoolDomain):
            return found
        return cognito.UserPoolDomain(
            self._scope,
            "Domain",
            user_pool=self._user_pool,
            # One name for all accounts of a region, and some words may not be in it: so none of ours is.
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"sign-in-{self._scope.node.addr[-_ADDRESS_CHARACTERS:]}-{birth()}"
            ),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )

    @property
    def host(self) -> str:
        """Host of that address, without a scheme."""
        return self.domain.base_url().removeprefix("https://")
