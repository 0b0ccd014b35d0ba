"""The acknowledgement ledger of a synthesized app, read off its cloud assembly."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from genai_layers.compliance.ledger import Acknowledgement, Entry, Ledger, Standing, Suppression
from genai_layers.foundation.nag.checks_record import FILE
from genai_layers.foundation.nag.errors import ChecksError
from genai_layers.foundation.nag.pack_rules import PACK_RULES

_REPORT = "validation-report.json"
_METADATA = "aws:cdk:acknowledged-rules"
_ANNOTATION = "Annotation"
"""Where the core files an id without a prefix, as if it were a warning of a construct."""


def ledger(assembly: cdk.App | Path | str) -> Ledger:
    """
    Return every acknowledgement of an app that `attach_checks` checked, and what each one covers.

    Args:
        assembly: The app after its synth, or the folder of its cloud assembly (`cdk.out`).

    Raises:
        ChecksError: The folder holds no synth with checks.
    """
    directory = Path(assembly.outdir if isinstance(assembly, cdk.App) else assembly)
    missing = [name for name in ("manifest.json", FILE, _REPORT) if not (directory / name).is_file()]
    if missing:
        raise ChecksError(
            f"{directory} lacks {', '.join(missing)}: call attach_checks(app), then app.synth() of the whole app"
        )
    record = _read(directory / FILE)
    given = [*_acknowledged(directory), *(Acknowledgement(**each) for each in record["deferred"])]
    return Ledger.of(
        (each for each in given if each.plugin != _ANNOTATION or _is_bare(each.rule)),
        _suppressed(_read(directory / _REPORT)),
        (*record["plugins"], _ANNOTATION),
    )


def unmatched_acknowledgements(assembly: cdk.App | Path | str) -> list[Entry]:
    """
    Return the acknowledgements that accept nothing: the finding is fixed, moved or misspelt.

    Those of packs that were not attached are left out, and one that several packs share
    has matched when any of them matched.

    Args:
        assembly: The app after its synth, or the folder of its cloud assembly.

    Example:
        assert unmatched_acknowledgements(app) == []
    """
    return list(ledger(assembly).standing(Standing.UNMATCHED))


def write_ledger(assembly: cdk.App | Path | str, file: Path) -> None:
    """
    Write the ledger of an app.

    Args:
        assembly: The app after its synth, or the folder of its cloud assembly.
        file: Where to; `.md` makes a page for auditors, `.json` a list for machines.

    Raises:
        ChecksError: Another ending, or a folder that holds no synth with checks.
    """
    forms = {".md": Ledger.to_markdown, ".json": Ledger.to_json}
    if file.suffix not in forms:
        raise ChecksError(f"ledger file {str(file)!r} ends in {file.suffix!r}: use {' or '.join(forms)}")
    file.write_text(forms[file.suffix](ledger(assembly)), encoding="utf-8")


def _acknowledged(directory: Path) -> Iterator[Acknowledgement]:
    """Follow the manifest, as the folder may hold leftovers of older synths."""
    for artifact in _read(directory / "manifest.json").get("artifacts", {}).values():
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _acknowledged(directory / artifact["properties"]["directoryName"])
        metadata = dict(artifact.get("metadata", {}))
        if "additionalMetadataFile" in artifact:
            metadata |= _read(directory / artifact["additionalMetadataFile"])
        for path, entries in metadata.items():
            for entry in entries:
                if entry["type"] == _METADATA:
                    yield from (
                        Acknowledgement(where=path.lstrip("/"), id=acknowledged, reason=reason)
                        for acknowledged, reason in entry["data"].items()
                    )


def _is_bare(rule: str) -> bool:
    """Return whether a rule of ours or of cdk-nag lost its prefix, which silences without a trace or not at all."""
    return rule.startswith(("GENAI-", *(f"{prefix}-" for prefix in PACK_RULES)))


def _suppressed(report: dict[str, Any]) -> Iterator[Suppression]:
    for plugin in report["pluginReports"]:
        for violation in plugin.get("suppressedViolations") or ():
            for construct in violation["violatingConstructs"]:
                yield Suppression(
                    where=violation.get("acknowledgedAt", ""),
                    id=violation["acknowledgedId"],
                    resource=construct["constructPath"],
                )


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
