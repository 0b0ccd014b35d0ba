"""What was found, counted by kind, with the first places; never what the records say."""

from __future__ import annotations

from collections import Counter, defaultdict

_PLACES = 20
"""Places told of each kind; the count tells the rest."""


class Findings:
    """Collects findings of every file."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._places: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, kind: str, file: str, line: int | None = None, detail: str = "") -> None:
        """
        Note one finding.

        Args:
            kind: What it is.
            file: File of the data set, below its folder.
            line: Line in it, from 1. Default: the file as a whole.
            detail: What can be said without repeating the record.
        """
        self._counts[kind] += 1
        if len(self._places[kind]) < _PLACES:
            where = file if line is None else f"{file}:{line}"
            self._places[kind].append(f"{where} {detail}".strip())

    def count(self, kind: str) -> int:
        """Return how often a kind was found."""
        return self._counts[kind]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What was found, in order of name."""
        return tuple(sorted(self._counts))

    def told(self) -> dict[str, dict[str, object]]:
        """Return counts and first places, for a report."""
        return {kind: {"count": self._counts[kind], "places": self._places[kind]} for kind in self.kinds}
