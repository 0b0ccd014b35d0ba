"""
What of an answer may be shown while the model still writes it.

Whatever was shown so far is, at every moment, a text that went through the same cleaning as a whole answer. What
would have to be taken back is not shown: the end of what was written waits until it cannot begin a leak of the
instructions, an open mark or an open fence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from . import citations, leak, output, prompt
from .model import Passage
from .settings import ChatSettings

STEP = 24
"""Characters between two looks at the text; more as it grows, since each look reads it from its start."""

_LEAK_WITHIN = 10 * leak.RUN

_LOOKED_BACK = 64
"""Ends of words tried before an open mark is waited for."""

_FENCE = "```"
_BREAK = re.compile(r"\s+")


class SafeDraft:
    """
    A text in the making.

    Args:
        secret: Instructions that must not be shown.
        clean: Returns a text safe to show.
        tell: Is told each piece that may be shown.

    Attributes:
        told: What was told so far.
    """

    def __init__(self, secret: str, clean: Callable[[str], str], tell: Callable[[str], None]) -> None:
        self._secret = secret
        self._clean = clean
        self._tell = tell
        self._written = ""
        self._looked_at = 0
        self._is_leaking = False
        self.told = ""

    def add(self, text: str) -> None:
        """Take the next words of the model."""
        self._written += text
        if len(self._written) - self._looked_at < STEP + len(self._written) // 50:
            return
        self._looked_at = len(self._written)
        # A leak that began earlier was noticed earlier; spelled in hex with spaces it is six times as long as plain.
        self._is_leaking = self._is_leaking or leak.repeats(self._written[-_LEAK_WITHIN:], self._secret)
        if self._is_leaking:
            return
        shown = self._clean(self._ripe())
        # What a longer look would show otherwise waits for the whole answer.
        if len(shown) > len(self.told) and shown.startswith(self.told):
            piece = shown[len(self.told) :]
            self.told = shown
            self._tell(piece)

    def _ripe(self) -> str:
        """Return the beginning that ends between two words, before what may become a leak, with nothing left open."""
        ripe = self._written[: leak.begins(self._written, self._secret)]
        if ripe.count(_FENCE) % 2:
            ripe = ripe[: ripe.rfind(_FENCE)]
        ends = [match.start() for match in _BREAK.finditer(ripe)]
        return next((ripe[:end] for end in reversed(ends[-_LOOKED_BACK:]) if _is_closed(ripe[:end])), "")


class Draft(SafeDraft):
    """
    An answer in the making.

    Args:
        settings: Settings of the function.
        passages: What the model was given, in that order.
        tell: Is told each piece that may be shown.
    """

    def __init__(self, settings: ChatSettings, passages: Sequence[Passage], tell: Callable[[str], None]) -> None:
        def clean(text: str) -> str:
            safe = output.sanitize(text, hosts=settings.link_hosts, sources=[passage.source for passage in passages])
            return citations.resolve(safe.text, passages)[0]

        super().__init__(prompt.instructions(settings.instructions), clean, tell)


def _is_closed(text: str) -> bool:
    line = text.rsplit("\n", 1)[-1]
    return line.count("[") == line.count("]") and "-----BEGIN" not in text
