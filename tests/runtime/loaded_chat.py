"""The chat in processes of its own, as Lambda runs it, with a table and a model that all of them share."""

from __future__ import annotations

import json
import queue
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from genai_layers.runtime.chat.store import Item
from tests.runtime.fakes import events_in
from tests.runtime.lambda_environment import Environment, started
from tests.runtime.memory_store import MemoryStore

TOKENS = (80, 20)
"""Tokens of every answer, read and written."""

HANDLER = """
import random, time
from multiprocessing.connection import Client

from runtime.chat.budget import Budgets
from runtime.chat.handler import respond
from runtime.chat.model import Completion, Passage, Stop
from runtime.chat.replay import Replays
from runtime.chat.service import Ports
from runtime.chat.settings import ChatSettings
from runtime.chat.table import Conversations


class Table:
    def __init__(self):
        self._line = Client(("127.0.0.1", {port}), authkey=b"loopback")

    def __getattr__(self, name):
        def call(*given, **named):
            self._line.send((name, given, named))
            return self._line.recv()
        return call


table = Table()


class Model:
    def retrieve(self, query, tenant):
        return [Passage(text="Leave is 28 days.", source="s3://docs/leave.md", score=0.9)]

    def converse(self, request, seconds_left, tell=None, **_):
        question = request["messages"][-1]["content"][-1]["guardContent"]["text"]["text"]
        table.asked(question)
        text = "You asked: " + question + " It is 28 days [1]."
        for start in range(0, len(text), 9):
            time.sleep(random.uniform(0, 0.002))
            if tell:
                tell(text[start : start + 9])
        return Completion(text=text, stop=Stop.ANSWERED, input_tokens={read}, output_tokens={written})


settings = ChatSettings(
    model_id="amazon.nova-lite-v1:0", guardrail_id="g", guardrail_version="1", knowledge_base_id="k",
    table_name="t", function_name="chat", allowed_clients=("1example23456789",), user_tokens_per_day={budget},
)
ports = Ports(settings=settings, model=Model(), conversations=Conversations(table, retention_days=30),
              replays=Replays(table), budgets=Budgets(table))


def handler(event, context):
    return respond(event, context, lambda: ports)
"""


class SharedTable(MemoryStore):
    """DynamoDB does one write on an item at a time; so does this, on all of them. It also counts the questions."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self.questions: Counter[str] = Counter()

    def asked(self, question: str) -> None:
        with self._lock:
            self.questions[question] += 1

    def query(self, **request: Any) -> Mapping[str, Any]:
        with self._lock:
            return super().query(**request)

    def update(self, **request: Any) -> bool:
        with self._lock:
            return super().update(**request)

    def delete(self, **request: Any) -> bool:
        with self._lock:
            return super().delete(**request)

    def put_or_get(self, **request: Any) -> Item | None:
        with self._lock:
            return super().put_or_get(**request)

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> int | None:
        with self._lock:
            return super().transact(writes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """
    What a client was told.

    Attributes:
        status: HTTP status.
        body: The answer, or the error.
        draft: What was told piece by piece.
        is_replayed: Whether the answer is one that was given before.
    """

    status: int
    body: Any
    draft: str = ""
    is_replayed: bool = False


@dataclass(slots=True)
class LoadedChat:
    """
    Some processes of the chat; each does one request at a time, and a request waits for a free one.

    Attributes:
        table: What they share.
        free: Those that have nothing to do.
    """

    table: SharedTable
    free: queue.Queue[Environment] = field(default_factory=queue.Queue)

    def send(self, event: Mapping[str, Any]) -> Answered:
        """Send a request to a free process, and hear its answer to the end."""
        environment = self.free.get(timeout=30)
        try:
            raw = environment.send(event).body()
        finally:
            self.free.put(environment)
        prelude, _, body = raw.partition(b"\0" * 8)
        head = json.loads(prelude)
        headers = {name.lower(): value for name, value in head["headers"].items()}
        is_replayed = headers.get("idempotent-replayed") == "true"
        if not headers["content-type"].startswith("text/event-stream"):
            return Answered(status=head["statusCode"], body=json.loads(body), is_replayed=is_replayed)
        told = events_in(body)
        name, last = told[-1]
        return Answered(
            status=head["statusCode"] if name == "answer" else 500,
            body=last,
            draft="".join(data["text"] for kind, data in told if kind == "piece"),
            is_replayed=is_replayed,
        )


@contextmanager
def loaded_chat(folder: Path, *, processes: int, tokens_per_user: int) -> Iterator[LoadedChat]:
    """
    Start the processes, and end them.

    Args:
        folder: Where their code goes.
        processes: How many.
        tokens_per_user: Budget of a user.
    """
    chat = LoadedChat(table=SharedTable())
    with ExitStack() as stack:
        listener = stack.enter_context(Listener(("127.0.0.1", 0), authkey=b"loopback"))
        port = listener.address[1]
        source = HANDLER.format(port=port, budget=tokens_per_user, read=TOKENS[0], written=TOKENS[1])
        for number in range(processes):
            place = folder / f"process-{number}"
            place.mkdir()
            (place / "loaded.py").write_text(source, encoding="utf-8")
            chat.free.put(stack.enter_context(started(place, "loaded.handler")))
            # Each process comes once, when it loads its handler.
            threading.Thread(target=_serve, args=(listener.accept(), chat.table), daemon=True).start()
        yield chat


def _serve(line: Connection, table: SharedTable) -> None:
    with line:
        while True:
            try:
                name, given, named = line.recv()
            except (EOFError, ConnectionError):
                return
            line.send(getattr(table, name)(*given, **named))
