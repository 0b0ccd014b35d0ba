"""Programs that ask without a person: known by the deployment, with a budget of their own."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers.runtime.chat.identity import caller
from genai_layers.runtime.chat.machines import Machine, read
from genai_layers.runtime.shared.env import MissingSettingError
from tests.runtime.fakes import Chat, event

PROGRAM = "7program23456789"
MACHINES = (Machine(client_id=PROGRAM, tenant="acme", tokens_per_day=50_000),)


def by_program(route: str = "POST /chat", *, client: str = PROGRAM, **options: Any) -> dict[str, Any]:
    """A request with a token of the client credentials of a program, as Cognito makes it."""
    if route == "POST /chat":
        options.setdefault("body", {"question": "How much leave is there?"})
    made = event(route, user=client, **options)
    claims = made["requestContext"]["authorizer"]["claims"]
    for name in ("username", "event_id", "origin_jti"):
        claims.pop(name, None)
    claims |= {"client_id": client, "scope": "api/ask"}
    return made


def test_a_program_is_answered() -> None:
    """Without groups, which are for people."""
    status, answer, _ = Chat(machines=MACHINES, allowed_groups=("staff",)).send(by_program())

    assert (status, answer["stop_reason"]) == (200, "answered")


def test_a_program_that_the_chat_was_not_told_of_is_refused() -> None:
    """The pool gave it a token, for something else."""
    for chat in (Chat(), Chat(machines=MACHINES)):
        status, answer, _ = chat.send(by_program(client="8other234567890"))

        assert (status, answer["error"]["code"]) == (401, "not_authenticated")


def test_the_client_of_people_is_no_program() -> None:
    """Not even where somebody lets it have tokens for its secret."""
    status, _, _ = Chat().send(by_program(client="1example23456789"))

    assert status == 401


def test_a_person_is_not_served_as_a_program() -> None:
    """Whatever client the token was made for: then tenant and budget would be the program's."""
    person = by_program()
    person["requestContext"]["authorizer"]["claims"] |= {"sub": "ada", "username": "ada"}
    grouped = by_program()
    grouped["requestContext"]["authorizer"]["claims"]["cognito:groups"] = "staff"

    for asked in (person, grouped):
        assert Chat(machines=MACHINES).send(asked)[0] == 401


def test_the_tenant_of_a_program_is_the_deployments() -> None:
    """Neither header, body nor query is read for it; without one, a program finds nothing."""
    chat = Chat(machines=MACHINES, tenant_group_prefix="tenant:")
    homeless = Chat(machines=(Machine(client_id=PROGRAM),), tenant_group_prefix="tenant:")

    chat.send(by_program(headers={"x-tenant": "globex"}, query={"tenant": "globex"}))

    assert chat.model.queries[0][1] == "acme"
    assert homeless.send(by_program())[0] == 403
    assert homeless.model.queries == []


def test_a_tenant_means_nothing_where_there_are_none() -> None:
    """So that a program's data lies where deletion looks for it."""
    who = caller(
        by_program()["requestContext"]["authorizer"]["claims"],
        tenant_group_prefix=None,
        allowed_groups=(),
        allowed_clients=(),
        machines=MACHINES,
    )

    assert (who.tenant, who.partition) == (None, f"user#-#{PROGRAM}")


def test_a_program_has_a_budget_of_its_own() -> None:
    """Used up, it is refused while people go on; a person's limit is not its own."""
    chat = Chat(machines=(Machine(client_id=PROGRAM, tokens_per_day=3_500),), user_tokens_per_day=200_000)
    outcomes = [chat.send(by_program())[0] for _ in range(8)]

    assert (outcomes[0], outcomes[-1]) == (200, 429)
    assert chat.ask("Am I served?")[0] == 200


def test_a_program_has_a_budget_where_people_have_none() -> None:
    """Its own limit needs none of a user."""
    chat = Chat(machines=(Machine(client_id=PROGRAM, tokens_per_day=10),), user_tokens_per_day=None)

    assert chat.send(by_program())[0] == 429
    assert chat.ask("Am I served?")[0] == 200


def test_a_program_sees_its_own_conversations_alone() -> None:
    """And people see none of its own."""
    other = "9second234567890"
    chat = Chat(machines=(*MACHINES, Machine(client_id=other)))
    _, answer, _ = chat.send(by_program())
    at = {"id": answer["conversation_id"]}

    assert chat.send(by_program("GET /conversations/{id}", path=at))[0] == 200
    assert chat.send(by_program("GET /conversations/{id}", client=other, path=at))[0] == 404
    assert chat.send(event("GET /conversations/{id}", path=at))[0] == 404


@pytest.mark.parametrize("word", ["abc", "abc/acme", "/acme/5", "abc/a:b/5", "abc/acme/-1", "abc/acme/5/6", "a*/b/"])
def test_refuses_a_setting_that_it_cannot_read(word: str) -> None:
    """Nothing is guessed of whom to let in."""
    with pytest.raises(MissingSettingError, match="write each as"):
        read(word)


def test_reads_what_the_deployment_writes() -> None:
    """Tenant and tokens may be left out."""
    assert read("abc// def/acme/ ghi//7") == (
        Machine(client_id="abc"),
        Machine(client_id="def", tenant="acme"),
        Machine(client_id="ghi", tokens_per_day=7),
    )
    assert read(None) == ()
