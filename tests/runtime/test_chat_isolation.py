"""One user's data is out of another's reach, whatever the request says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.fakes import Chat, FakeModel, event, says

TENANTS = {"tenant_group_prefix": "tenant:"}


def _of(chat: Chat, user: str) -> dict[str, Any]:
    _, body, _ = chat.ask("a secret of mine", user=user)
    return body


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_conversation_of_another_user_is_not_there(method: str) -> None:
    """Neither read nor deleted, and not told apart from one that never was."""
    chat = Chat()
    path = {"id": _of(chat, "ada")["conversation_id"]}

    stranger = chat.send(event(f"{method} /conversations/{{id}}", user="eve", path=path))
    nobody = chat.send(event(f"{method} /conversations/{{id}}", user="eve", path={"id": "0" * 32}))

    assert stranger[:2] == nobody[:2]
    assert stranger[0] == 404
    assert chat.send(event("GET /conversations/{id}", user="ada", path=path))[0] == 200


def test_a_conversation_of_another_user_cannot_be_gone_on_with() -> None:
    """Neither its content reaches the model nor is anything added to it."""
    chat = Chat()
    theirs = _of(chat, "ada")["conversation_id"]

    status, _, _ = chat.ask("what was said?", user="eve", conversation_id=theirs)

    assert status == 404
    assert len(chat.model.requests) == 1


def test_lists_and_deletes_reach_the_caller_alone() -> None:
    """Deleting all of one's own leaves everything of everyone else."""
    chat = Chat()
    _of(chat, "ada")
    _of(chat, "eve")

    status, body, _ = chat.send(event("DELETE /conversations", user="eve"))

    assert (status, body["is_complete"]) == (200, True)
    assert chat.send(event("GET /conversations", user="eve"))[1]["conversations"] == []
    assert len(chat.send(event("GET /conversations", user="ada"))[1]["conversations"]) == 1


def test_a_user_named_like_anothers_partition_stays_apart() -> None:
    """No subject of a token can spell the key of someone else's data."""
    chat = Chat(**TENANTS)
    chat.ask("mine", user="ada", groups=["tenant:acme"])

    for user in ("acme#ada", "-#ada", "ada#"):
        status, _, _ = chat.send(event("GET /conversations", user=user, groups=["tenant:acme"]))
        assert status == 401


def test_the_tenant_comes_from_the_token_and_filters_the_search() -> None:
    """What the request says about a tenant is not even read."""
    chat = Chat(**TENANTS)

    chat.send(
        event("POST /chat", body={"question": "a"}, groups=["readers", "tenant:acme"], headers={"x-tenant": "other"})
    )

    assert chat.model.queries == [("a", "acme")]
    assert chat.model.requests[0]["requestMetadata"]["tenant"] == "acme"


@pytest.mark.parametrize("groups", [[], ["readers"], ["tenant:a", "tenant:b"], ["tenant:"], ["tenant:a/b"]])
def test_a_user_in_no_single_tenant_is_refused(groups: list[str]) -> None:
    """Where there are tenants, none of them is not all of them."""
    chat = Chat(**TENANTS)

    status, body, _ = chat.send(event("POST /chat", body={"question": "a"}, groups=groups))

    assert (status, body["error"]["code"]) == (403, "forbidden")
    assert chat.model.queries == []


def test_a_user_who_changes_tenant_leaves_the_conversations_behind() -> None:
    """What was asked of one tenant's documents is not shown under another."""
    chat = Chat(FakeModel(says("28 days [1].")), **TENANTS)
    chat.ask("mine", groups=["tenant:acme"])

    _, body, _ = chat.send(event("GET /conversations", groups=["tenant:other"]))

    assert body["conversations"] == []


@pytest.mark.parametrize("route", ["POST /chat", "GET /conversations", "GET /openapi.json", "GET /v1/models"])
@pytest.mark.parametrize(("groups", "status"), [(["staff"], 200), (["guests"], 403), ([], 403), (["staff2"], 403)])
def test_only_users_of_the_allowed_groups_are_served(route: str, groups: list[str], status: int) -> None:
    """On every route, by the whole name of the group."""
    chat = Chat(allowed_groups=("staff", "editors"))
    body = {"question": "x"} if route == "POST /chat" else None

    assert chat.send(event(route, body=body, groups=groups))[0] == status
