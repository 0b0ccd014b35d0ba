"""All that is kept of a person goes, and nothing of anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers.runtime.erasure import handler as erasure
from genai_layers.runtime.erasure.handler import ErasureError, erase
from tests.runtime.fakes import Chat, Context, event


def _busy(chat: Chat, user: str, **options: Any) -> None:
    for number in range(3):
        chat.ask(f"question {number}", user=user, headers={"Idempotency-Key": f"key-{number}"}, **options)


def test_everything_of_a_person_goes() -> None:
    """Conversations, kept answers and counts; others keep theirs."""
    chat = Chat(user_tokens_per_day=100_000)
    _busy(chat, "ada")
    _busy(chat, "eve")

    answer = erase({"user": "ada"}, chat.store, Context(60_000))

    # Three heads, three exchanges, three kept answers, one count.
    assert answer == {"deleted_items": 10, "is_complete": True}
    assert {partition for partition, _ in chat.store.items} == {"user#-#eve"}


def test_a_person_is_erased_in_one_tenant() -> None:
    """The same person in another tenant is another request."""
    chat = Chat(tenant_group_prefix="tenant:")
    _busy(chat, "ada", groups=["tenant:acme"])
    _busy(chat, "ada", groups=["tenant:other"])

    erase({"user": "ada", "tenant": "acme"}, chat.store, Context(60_000))

    assert {partition for partition, _ in chat.store.items} == {"user#other#ada"}


def test_says_what_is_left_when_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is invoked again."""
    monkeypatch.setattr(erasure, "ITEMS_AT_ONCE", 2)
    chat = Chat()
    _busy(chat, "ada")

    class Short(Context):
        calls = 0

        def get_remaining_time_in_millis(self) -> int:
            self.calls += 1
            return 60_000 if self.calls < 3 else 1_000

    first = erase({"user": "ada"}, chat.store, Short())
    rest = erase({"user": "ada"}, chat.store, Context(60_000))

    assert first == {"deleted_items": 4, "is_complete": False}
    assert rest == {"deleted_items": 5, "is_complete": True}


@pytest.mark.parametrize(
    ("request_", "faults"),
    [
        ({}, 1),
        ({"user": ""}, 1),
        ({"user": "a#b"}, 1),
        ({"user": ["ada"]}, 1),
        ({"user": "ada", "tenant": "*"}, 1),
        ({"user": "ada", "tenant": 7, "all": True}, 2),
        ({"user": "*", "tenant": "", "everyone": 1}, 3),
    ],
)
def test_nobody_named_nobody_erased(request_: dict[str, Any], faults: int) -> None:
    """Every fault at once, and no pattern stands for more than one person."""
    chat = Chat()
    _busy(chat, "ada")
    before = dict(chat.store.items)

    with pytest.raises(ErasureError) as caught:
        erase(request_, chat.store, Context(60_000))

    assert len(str(caught.value).split("; ")) == faults
    assert chat.store.items == before


def test_an_erased_person_begins_anew() -> None:
    """Nothing of before is found."""
    chat = Chat()
    _busy(chat, "ada")
    erase({"user": "ada"}, chat.store, Context(60_000))

    assert chat.send(event("GET /conversations", user="ada"))[1]["conversations"] == []
    assert chat.ask("question 0", user="ada", headers={"Idempotency-Key": "key-0"})[0] == 200
