"""The acknowledgement ledger: who accepted which finding where and why, and whether it was there at all."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum


class Standing(Enum):
    """What became of an acknowledgement in the checks."""

    MATCHED = "matched"
    """It accepted at least one finding."""

    UNMATCHED = "unmatched"
    """Its rules were asked and found nothing that it could accept."""

    NOT_ASKED = "not asked"
    """None of its packs was attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """
    One id that was acknowledged on one construct.

    Attributes:
        where: Path of the construct.
        id: Plugin, two colons and rule, such as `AwsSolutions::AwsSolutions-S1`.
        reason: Why it is safe.
    """

    where: str
    id: str
    reason: str

    @property
    def plugin(self) -> str:
        """The plugin whose finding it is."""
        return self.id.partition("::")[0]

    @property
    def rule(self) -> str:
        """The rule without its plugin, which packs that share a rule share as well: `IAMNoInlinePolicy`."""
        return self.id.partition("::")[2].removeprefix(f"{self.plugin}-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """
    One finding that an acknowledgement took out of the report.

    Attributes:
        where: Path of the construct that was acknowledged.
        id: The id that was acknowledged.
        resource: Path of the construct that was found wanting.
    """

    where: str
    id: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One decision: one rule, in every pack that has it, accepted on one construct for one reason.

    Attributes:
        where: Path of the construct.
        rule: The rule without its pack.
        plugins: Plugins in which it is accepted, sorted.
        reason: Why it is safe.
        resources: Paths of the constructs that it covers, sorted; empty unless it matched.
        standing: What became of it.
    """

    where: str
    rule: str
    plugins: tuple[str, ...]
    reason: str
    resources: tuple[str, ...]
    standing: Standing

    def __str__(self) -> str:
        """Return the decision as one line."""
        return f"{self.where}: {self.rule} ({', '.join(self.plugins)}) {self.standing.value}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """
    Every acknowledgement of an app.

    Attributes:
        entries: Decisions, sorted by construct and rule.
    """

    entries: tuple[Entry, ...]

    @classmethod
    def of(
        cls,
        acknowledgements: Iterable[Acknowledgement],
        suppressions: Iterable[Suppression],
        attached: Collection[str],
    ) -> "Ledger":
        """
        Return the ledger of what was acknowledged and what that took out of the report.

        A rule that was accepted in several packs at once has matched when it matched in any of them.

        Args:
            acknowledgements: What was acknowledged.
            suppressions: What the report says was suppressed.
            attached: Plugins whose rules were asked.
        """
        covered: dict[tuple[str, str], set[str]] = {}
        for each in suppressions:
            covered.setdefault((each.where, each.id), set()).add(each.resource)
        decisions: dict[tuple[str, str, str], list[Acknowledgement]] = {}
        for given in dict.fromkeys(acknowledgements):
            decisions.setdefault((given.where, given.rule, given.reason), []).append(given)
        return cls(entries=tuple(_entry(decisions[key], covered, attached) for key in sorted(decisions)))

    def standing(self, standing: Standing) -> tuple[Entry, ...]:
        """Return the entries of one standing."""
        return tuple(entry for entry in self.entries if entry.standing is standing)

    def to_json(self) -> str:
        """Return the ledger as JSON, for machines."""
        entries = [
            {
                "where": entry.where,
                "rule": entry.rule,
                "plugins": list(entry.plugins),
                "reason": entry.reason,
                "standing": entry.standing.value,
                "resources": list(entry.resources),
            }
            for entry in self.entries
        ]
        return json.dumps({"acknowledgements": entries}, indent=2) + "\n"

    def to_markdown(self) -> str:
        """Return the ledger as a page that an auditor can read."""
        lines = [
            "# Acknowledged findings",
            "",
            f"{len(self.entries)} decisions; "
            + ", ".join(f"{len(self.standing(each))} {each.value}" for each in Standing)
            + ".",
            "",
            "| construct | rule | packs | covers | reason |",
            "| --- | --- | --- | --- | --- |",
        ]
        for entry in self.entries:
            covers = str(len(entry.resources)) if entry.resources else entry.standing.value
            cells = (entry.where, f"`{entry.rule}`", ", ".join(entry.plugins), covers, entry.reason)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        return "\n".join(lines) + "\n"


def _entry(given: list[Acknowledgement], covered: dict[tuple[str, str], set[str]], attached: Collection[str]) -> Entry:
    resources = {resource for each in given for resource in covered.get((each.where, each.id), ())}
    plugins = sorted({each.plugin for each in given})
    if resources:
        standing = Standing.MATCHED
    elif any(plugin in attached for plugin in plugins):
        standing = Standing.UNMATCHED
    else:
        standing = Standing.NOT_ASKED
    first = given[0]
    return Entry(
        where=first.where,
        rule=first.rule,
        plugins=tuple(plugins),
        reason=first.reason,
        resources=tuple(sorted(resources)),
        standing=standing,
    )
