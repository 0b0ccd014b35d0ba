"""Work that speaks while it is done: what it says comes out piece by piece, and a pause is heard as a pause."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass

from .routes import Reply
from .service import Tell


@dataclass(frozen=True, slots=True)
class Piece:
    """The next piece of a text."""

    text: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing was said for a while."""


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException


def spoken(work: Callable[[Tell], Reply], *, pause_seconds: float) -> Generator[Piece | Pause | Reply]:
    """
    Do *work* and return what it says meanwhile, its reply last.

    If nobody listens any longer, the work is still done to its end, so that what it keeps is kept.

    Args:
        work: Is given whom to tell each piece.
        pause_seconds: Silence after which a pause is told.

    Raises:
        Exception: What *work* raised.
    """
    said: queue.SimpleQueue[Piece | Reply | _Failure] = queue.SimpleQueue()

    def do() -> None:
        try:
            said.put(work(lambda text: said.put(Piece(text))))
        except BaseException as error:  # noqa: BLE001 -- it is raised again where somebody listens
            said.put(_Failure(error))

    thread = threading.Thread(target=do, name="answer")
    thread.start()
    try:
        while True:
            try:
                one = said.get(timeout=pause_seconds)
            except queue.Empty:
                yield Pause()
                continue
            if isinstance(one, _Failure):
                raise one.error
            yield one
            if isinstance(one, Reply):
                return
    finally:
        thread.join()
