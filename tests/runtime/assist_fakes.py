"""The applications beside the chat with fakes behind them, called as the REST API calls them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from genai_layers.runtime.assist.asking import Ports
from genai_layers.runtime.assist.border import respond
from genai_layers.runtime.assist.call import Route
from genai_layers.runtime.assist.settings import AssistSettings, ModelChoice
from genai_layers.runtime.chat.budget import Budgets
from genai_layers.runtime.chat.replay import Replays
from tests.runtime.fakes import Clock, Context, FakeModel, event, events_in
from tests.runtime.memory_store import MemoryStore

LITE = ModelChoice(
    id="amazon.nova-lite-v1:0",
    name="Nova Lite",
    max_output=1024,
    input_usd_per_million=Decimal("0.06"),
    output_usd_per_million=Decimal("0.24"),
)
PRO = ModelChoice(id="amazon.nova-pro-v1:0", name="Nova Pro", max_output=2048)
SETTINGS = AssistSettings(
    models=(LITE, PRO),
    guardrail_id="gr1234567890",
    guardrail_version="3",
    table_name="ledger",
    allowed_clients=("1example23456789",),
)


class Door:
    """An application behind the REST API."""

    def __init__(self, routes: Mapping[str, Route[Any]], ports: Any) -> None:
        self._routes = routes
        self.ports = ports
        self.context = Context()

    def send(self, event: Mapping[str, Any]) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, body and headers of the response to *event*."""
        response = respond(event, self.context, lambda: self.ports, self._routes)
        text = b"".join(response.parts)
        return response.status, json.loads(text) if text else None, response.headers

    def listen(self, event: Mapping[str, Any]) -> tuple[int, list[tuple[str, Any]]]:
        """Return status and events of the response to *event*; none where it is refused with a status."""
        response = respond(event, self.context, lambda: self.ports, self._routes)
        stream = b"".join(response.parts)
        return response.status, events_in(stream) if response.status == 200 else []

    def post(self, path: str, body: object, **options: Any) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, body and headers of the response to *body*."""
        return self.send(event(f"POST {path}", body=body, **options))


def ports(model: FakeModel, store: MemoryStore | None = None, clock: Clock | None = None, **changes: Any) -> Ports:
    """Return what an application stands on, with fakes in place of AWS."""
    store, clock = store or MemoryStore(), clock or Clock()
    return Ports(
        settings=replace(SETTINGS, **changes),
        model=model,
        replays=Replays(store, now=clock),
        budgets=Budgets(store, now=clock),
        now=clock,
    )
