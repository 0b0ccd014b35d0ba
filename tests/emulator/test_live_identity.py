"""People of another directory and programs in the local cloud: the gate that the template deploys is really asked."""

from __future__ import annotations

import base64
import http.server
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers import testing
from genai_layers.application import ApiScope, FederatedSignIn, OidcProvider, UserDirectory
from genai_layers.foundation import EncryptionKey, KeyUse
from tools.local_cloud.layout import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.local_cloud import LocalCloud
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

PAGE = "https://chat.example.com/"


class Company(http.server.BaseHTTPRequestHandler):
    """A directory that signs everybody in as it is told."""

    claims: dict[str, Any]

    def do_POST(self) -> None:
        """Exchange a code for an ID token."""
        parts = [{"alg": "none"}, {"iss": "company", **type(self).claims}]
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        body = json.dumps({"id_token": f"{token}.", "access_token": "a", "token_type": "Bearer"}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def company() -> Iterator[str]:
    """The directory, running on the loopback interface."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Company)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def made() -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Return resources and outputs of a directory for people of a company and a program, and what is kept of them."""
    stack = cdk.Stack(testing.app(), "Live", env=cdk.Environment(account=ACCOUNT, region=REGION))
    uses = [KeyUse.LOGS, KeyUse.LAMBDA, KeyUse.SECRETS_MANAGER]
    gone = cdk.RemovalPolicy.DESTROY
    key = EncryptionKey(stack, "Key", description="live", uses=uses, removal_policy=gone).key
    directory = UserDirectory(stack, "Directory", removal_policy=gone)
    federation = FederatedSignIn(
        stack,
        "Federation",
        directory=directory,
        providers=[
            OidcProvider(
                name="Company",
                label="Company",
                issuer="https://login.example.com",
                client_id="chat",
                client_secret=secretsmanager.Secret.from_secret_name_v2(stack, "Theirs", "company/chat"),
                groups={"Engineering": "staff"},
            )
        ],
        callback_urls=[PAGE],
        log_key=key,
        removal_policy=gone,
    )
    reports = directory.add_machine_client("Reports", key=key, scopes=[ApiScope.ASK], removal_policy=gone)
    template = testing.template(stack)["Resources"]
    # The emulator makes neither by CloudFormation; the provider is made over its API instead.
    left_out = ("AWS::Cognito::UserPoolIdentityProvider", "AWS::Cognito::ManagedLoginBranding")
    names = {name for name, one in template.items() if one["Type"] in left_out}
    (mapping,) = [one["Properties"]["AttributeMapping"] for one in template.values() if one["Type"] == left_out[0]]
    kept = {name: one for name, one in template.items() if name not in names}
    for one in kept.values():
        if "DependsOn" in one:
            one["DependsOn"] = [name for name in one["DependsOn"] if name not in names]
    outputs = {
        "Pool": stack.resolve(directory.user_pool.user_pool_id),
        "Client": stack.resolve(federation.client.user_pool_client_id),
        "Gate": stack.resolve(federation.function.function_name),
        "Program": stack.resolve(reports.client_id),
        "Secret": stack.resolve(reports.secret.secret_arn),
    }
    return kept, outputs, mapping


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect to the test."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


class Browser:
    """What a person, and a program, do over HTTP."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._open = urllib.request.build_opener(NoRedirect).open

    def get(self, path: str, **query: str) -> tuple[int, str]:
        """Return status, and where it leads or what it says."""
        try:
            with self._open(f"{self._endpoint}{path}?{urllib.parse.urlencode(query)}") as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("location") or error.read().decode()

    def tokens(self, **form: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer of the token endpoint."""
        try:
            data = urllib.parse.urlencode(form).encode()
            with self._open(f"{self._endpoint}/oauth2/token", data=data) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode()
                return error.code, json.loads(said) if said.startswith("{") else {"said": said}

    def come(self, client: str, **claims: Any) -> tuple[int, str]:
        """Sign in at the company, which says *claims*; return what the user directory makes of it."""
        Company.claims = {"sub": "ada", "email": "ada@example.com", **claims}
        _, there = self.get(
            "/oauth2/authorize",
            response_type="code",
            client_id=client,
            redirect_uri=PAGE,
            scope="openid email api/person",
            identity_provider="Company",
            state="s",
        )
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(there).query)["state"][0]
        return self.get("/oauth2/idpresponse", code="c", state=state)


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says."""
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def test_who_proves_no_second_factor_gets_neither_account_nor_token(
    stack: HandmadeStack,
    code: Callable[[dict[str, Any]], dict[str, Any]],
    clients: Clients,
    cloud: LocalCloud,
    company: str,
) -> None:
    """The gate of the template, asked by the pool; and a program with the secret that CloudFormation carried."""
    resources, outputs, mapping = made()
    live = stack.deploy(code(resources), outputs)
    cognito = clients("cognito-idp")
    cognito.create_identity_provider(
        UserPoolId=live["Pool"],
        ProviderName="Company",
        ProviderType="OIDC",
        ProviderDetails={
            "client_id": "chat",
            "client_secret": "theirs",
            "authorize_scopes": "openid email",
            "oidc_issuer": company,
            "authorize_url": f"{company}/authorize",
            "token_url": f"{company}/token",
        },
        AttributeMapping=mapping,
    )
    browser = Browser(cloud.endpoint)

    for claims in ({"groups": ["Engineering"]}, {"amr": ["pwd"], "groups": ["Engineering"]}, {"amr": ["mfa"]}):
        status, said = browser.come(live["Client"], **claims)
        assert (status, "UserLambdaValidationException" in said) == (400, True), said
    assert cognito.list_users(UserPoolId=live["Pool"])["Users"] == []

    status, back = browser.come(live["Client"], amr=["pwd", "mfa"], groups=["Engineering", "admins"])
    assert (status, back.startswith(f"{PAGE}?")) == (302, True), back
    given = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["code"][0]
    _, tokens = browser.tokens(grant_type="authorization_code", code=given, client_id=live["Client"], redirect_uri=PAGE)
    said = claims_of(tokens["access_token"])
    assert "staff" in said["cognito:groups"]
    assert "admins" not in said["cognito:groups"]
    assert said["client_id"] == live["Client"]
    assert "aws.cognito.signin.user.admin" not in said["scope"]

    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": live["Client"]}
    assert "staff" in claims_of(browser.tokens(**refresh)[1]["access_token"])["cognito:groups"]
    function = clients("lambda").get_function_configuration(FunctionName=live["Gate"])
    told = function["Environment"]["Variables"]
    clients("lambda").update_function_configuration(
        FunctionName=live["Gate"],
        Environment={"Variables": {**told, "PROVIDERS": told["PROVIDERS"].replace("Company", "Another")}},
    )
    status, answer = browser.tokens(**refresh)
    assert (status >= 400, "access_token" in answer) == (True, False), answer

    secret = json.loads(clients("secretsmanager").get_secret_value(SecretId=live["Secret"])["SecretString"])
    status, answer = browser.tokens(
        grant_type="client_credentials",
        client_id=secret["client_id"],
        client_secret=secret["client_secret"],
        scope=secret["scope"],
    )
    program = claims_of(answer["access_token"])
    assert (program["sub"], program["scope"], program["token_use"]) == (live["Program"], "api/ask", "access")
    assert "username" not in program
    for scope in ("api/person", "aws.cognito.signin.user.admin"):
        status, answer = browser.tokens(
            grant_type="client_credentials",
            client_id=secret["client_id"],
            client_secret=secret["client_secret"],
            scope=scope,
        )
        assert status == 400, answer
