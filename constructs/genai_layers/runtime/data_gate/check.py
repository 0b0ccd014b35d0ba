"""Every check of a data set, over records that stream by once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .findings import Findings
from .personal import kinds
from .poison import signs
from .records import Record, RecordError, fingerprint, parse
from .rules import Rules

TRAIN, HELD_OUT = "train", "held_out"

_LONG_ANSWER = 40
"""Characters from which an answer is no label: one label for half the records is a classification task."""


class Check:
    """
    Reads the train files first, then the held-out files, and remembers what it takes to compare them.

    Args:
        rules: Limits of the data set.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._records: set[bytes] = set()
        self._prompts: set[bytes] = set()
        self._answers: Counter[bytes] = Counter()
        self._counts: Counter[str] = Counter()
        self.findings = Findings()

    def count(self, part: str) -> int:
        """Return how many records of *part* could be read."""
        return self._counts[part]

    def read(self, part: str, file: str, lines: Iterable[bytes]) -> None:
        """
        Check one file.

        Args:
            part: `TRAIN` or `HELD_OUT`.
            file: Its name, for findings.
            lines: Its lines.
        """
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                self.findings.add("empty_line", file, number)
                continue
            try:
                record = parse(line, self._rules.format)
            except RecordError as error:
                self.findings.add("malformed", file, number, str(error))
                continue
            self._counts[part] += 1
            self._look(record, file, number)
            (self._train if part == TRAIN else self._held_out)(record, file, number)

    def reasons(self) -> tuple[str, ...]:
        """Return why the data set may not be trained on; none when it may."""
        rules, found = self._rules, self.findings
        reasons = []
        for part, least in ((TRAIN, rules.min_train_records), (HELD_OUT, rules.min_held_out_records)):
            if self._counts[part] < least:
                reasons.append(f"{part} has {self._counts[part]} records, at least {least} are needed")
        for kind in found.kinds:
            if kind == "duplicate":
                continue
            reasons.append(f"{kind}: {found.count(kind)}")
        records = max(1, self._counts[TRAIN])
        share = found.count("duplicate") / records
        if share > rules.max_duplicate_share:
            reasons.append(f"{share:.1%} of the train records are duplicates, at most {rules.max_duplicate_share:.1%}")
        most = max(self._answers.values(), default=0)
        # Two equal answers are chance; it takes some to teach a trigger.
        if most > 3 and most / records > rules.max_same_answer_share:
            limit = f"at most {rules.max_same_answer_share:.1%}"
            reasons.append(f"{most / records:.1%} of the train records have one and the same long answer, {limit}")
        return tuple(reasons)

    def _look(self, record: Record, file: str, number: int) -> None:
        if len(record.text) > self._rules.max_record_characters:
            limit = self._rules.max_record_characters
            self.findings.add("too_long", file, number, f"{len(record.text)} characters, at most {limit}")
        for kind in sorted(kinds(record.text) - self._rules.allowed_personal):
            self.findings.add(f"personal_{kind}", file, number)
        for sign in sorted(signs(record.prompt, record.answer)):
            self.findings.add(sign, file, number)
        for index, pattern in enumerate(self._rules.forbidden_patterns):
            if pattern.search(record.text):
                self.findings.add("forbidden_pattern", file, number, f"pattern {index + 1}")

    def _train(self, record: Record, file: str, number: int) -> None:
        mark = record.fingerprint
        if mark in self._records:
            self.findings.add("duplicate", file, number)
        self._records.add(mark)
        self._prompts.add(fingerprint(record.prompt))
        if len(record.answer) >= _LONG_ANSWER:
            self._answers[fingerprint(record.answer)] += 1

    def _held_out(self, record: Record, file: str, number: int) -> None:
        # The same question with another answer leaks as well: the model has seen what it is asked.
        if record.fingerprint in self._records or fingerprint(record.prompt) in self._prompts:
            self.findings.add("leakage", file, number)
