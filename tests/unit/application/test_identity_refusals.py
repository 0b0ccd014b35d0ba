"""What neither another directory nor a program can be, and the chat that programs may ask."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aws_cdk import Duration

from genai_layers import testing
from genai_layers.application import (
    Api,
    ApiScope,
    ChatServiceError,
    FederatedSignIn,
    Retrieval,
    SecondFactor,
    TokenBudget,
    UserDirectory,
    UserDirectoryError,
)
from genai_layers.application.chat_machines import scopes_of
from genai_layers.application.chat_service import ROUTES
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.runtime.chat.machines import read
from genai_layers.runtime.federation import handler
from genai_layers.testing import resources
from tests.unit.application.conftest import make_estate
from tests.unit.application.test_identity import PAGE, PARTNER, company

PAGE_OF_DOCS = Path(__file__).resolve().parents[3] / "docs" / "identity.md"

pytestmark = pytest.mark.synth


def test_comes_before_the_routes() -> None:
    """An API that was told already whom to let in would refuse these people."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="logs", uses=[KeyUse.LOGS, KeyUse.LAMBDA]).key
    directory = UserDirectory(stack, "Directory")
    assert Api(stack, "Api", directory=directory, log_key=key).client_ids

    with pytest.raises(UserDirectoryError, match="define it first"):
        FederatedSignIn(
            stack, "Federation", directory=directory, providers=[PARTNER], callback_urls=[PAGE], log_key=key
        )


def test_says_all_that_is_wrong_with_providers_at_once() -> None:
    """Names, addresses, groups, reasons, and a second factor that proves nothing."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="logs").key
    bad = company(
        stack, name="a b", label=" ", issuer="http://x", scopes=("email",), groups={"A": "b c"}, everyone_reason="why"
    )
    closed = replace(
        PARTNER, everyone_reason=None, metadata_url="x", second_factor=SecondFactor(claim="a", proofs=(" ",))
    )

    with pytest.raises(UserDirectoryError) as caught:
        FederatedSignIn(
            stack,
            "Federation",
            directory=UserDirectory(stack, "Directory"),
            providers=[bad, closed, PARTNER],
            callback_urls=["http://chat.example.com/"],
            log_key=key,
        )

    assert [fault.split(":")[0].split(" 'http")[0] for fault in caught.value.faults] == [
        "name 'a b' cannot be used",
        "label of 'a b' is empty",
        "groups of 'a b' holds 'b c'",
        "reason 'why' has 3 characters, at least 20 are needed",
        "issuer of 'a b' is",
        "scopes of 'a b' lack 'openid'",
        "second_factor of 'Partner' names no claim or no proof",
        "'Partner' has neither groups nor everyone_reason",
        "metadata_url of 'Partner' is 'x'",
        "providers has names twice",
        "callback_urls holds",
    ]


def test_says_all_that_is_wrong_with_a_program_at_once() -> None:
    """Scopes of people, odd names, validity, tenant, tokens."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="secrets").key

    with pytest.raises(UserDirectoryError) as caught:
        UserDirectory(stack, "Directory").add_machine_client(
            "Reports",
            key=key,
            scopes=[ApiScope.PERSON, ApiScope(name="a/b", description="x")],
            tenant="a:b",
            tokens_per_day=0,
            token_validity=Duration.days(2),
        )

    assert [fault.split(" ")[0] for fault in caught.value.faults] == [
        "scopes",
        "scopes",
        "token_validity",
        "tenant",
        "tokens_per_day",
    ]


def test_a_chat_answers_the_programs_that_it_was_given() -> None:
    """On the routes of their scopes, and its function knows tenant and tokens of each."""
    estate = make_estate()
    key = estate.data_key.key
    reader = estate.directory.add_machine_client(
        "Reader", key=key, scopes=[ApiScope.ASK], tenant="acme", tokens_per_day=5_000
    )
    estate.directory.add_machine_client("Other", key=key, scopes=[ApiScope.CONVERSATIONS])
    estate.chat(machines=[reader], retrieval=Retrieval(has_tenants=True))
    template = testing.template(estate.stack)

    (function,) = [
        one["Properties"]["Environment"]["Variables"]
        for name, one in resources(template, "AWS::Lambda::Function").items()
        if name.startswith("ChatFunction")
    ]
    (client,) = [name for name in resources(template, "AWS::Cognito::UserPoolClient") if "Reader" in name]
    paths = {
        name: one["Properties"]["PathPart"] for name, one in resources(template, "AWS::ApiGateway::Resource").items()
    }
    asked = {
        paths[one["Properties"]["ResourceId"]["Ref"]]
        for one in resources(template, "AWS::ApiGateway::Method").values()
        if "api/ask" in one["Properties"]["AuthorizationScopes"]
    }
    assert function["MACHINE_CLIENTS"] == {"Fn::Join": ["", [{"Ref": client}, "/acme/5000"]]}
    (machine,) = read("1client/acme/5000")
    assert (machine.tenant, machine.tokens_per_day) == ("acme", 5_000)
    assert {"chat", "completions", "models", "openapi.json"} <= asked
    assert not {"conversations", "{id}", "feedback"} & asked
    assert client not in str(function["ALLOWED_CLIENTS"])


def test_a_chat_refuses_programs_that_fit_it_ill() -> None:
    """Without a tenant where there are tenants, with one where there are none, without any limit."""
    estate = make_estate()
    key = estate.data_key.key
    homeless = estate.directory.add_machine_client("Homeless", key=key, scopes=[ApiScope.ASK])
    settled = estate.directory.add_machine_client("Settled", key=key, scopes=[ApiScope.ASK], tenant="acme")

    with pytest.raises(ChatServiceError, match="'Homeless' has no tenant") as first:
        estate.chat("First", machines=[homeless, settled], retrieval=Retrieval(has_tenants=True))
    with pytest.raises(ChatServiceError, match="'Settled' has a tenant") as second:
        estate.chat("Second", machines=[homeless, settled], budget=TokenBudget(per_user=None))

    assert len(first.value.faults) == 1
    assert len(second.value.faults) == 3


def test_the_page_runs_from_top_to_bottom() -> None:
    """Its block makes an app that synthesizes."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE_OF_DOCS.read_text(encoding="utf-8"), re.S)
    scope: dict[str, Any] = {}

    exec(compile(block, "identity.md", "exec"), scope)  # noqa: S102 -- the example itself

    assert scope["federation"].host.endswith(".auth.eu-central-1.amazoncognito.com")
    assert resources(testing.template(scope["stack"]), "AWS::Cognito::UserPoolIdentityProvider")


def test_the_page_says_which_routes_a_scope_opens() -> None:
    """Each route of a chat, under the scope that the chat gives it."""
    reader = SimpleNamespace(scopes=(ApiScope.ASK, ApiScope.CONVERSATIONS))
    (told,) = re.findall(r"`api/ask` \| (.*) \|\n", PAGE_OF_DOCS.read_text(encoding="utf-8"))

    asked = {route for route in ROUTES if scopes_of(route, [reader]) == [ApiScope.ASK]}  # type: ignore[list-item]
    assert {f"`{route}`" for route in asked} == set(told.split(", "))


def test_every_refusal_of_the_gate_is_on_the_page() -> None:
    """Its code is all that the log says."""
    source = Path(handler.__file__).read_text(encoding="utf-8")
    page = PAGE_OF_DOCS.read_text(encoding="utf-8")

    assert [code for code in re.findall(r'RefusedError\(\s*"(\w+)"', source) if f"| `{code}` |" not in page] == []
