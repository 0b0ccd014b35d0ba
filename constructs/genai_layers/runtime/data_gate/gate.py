"""The gate: approval, content, copy. What passes lies where nothing but the gate writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import lineage
from .check import HELD_OUT, TRAIN, Check
from .manifest import NAME, Manifest
from .objects import Objects
from .rules import Rules

_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseModel:
    """
    What the training starts from.

    Attributes:
        identity: What it is called, with its version.
        bucket: Where it lies; None where it lies with AWS and cannot be listed.
        prefix: Folder in the bucket, with a closing slash.
        sha256: Digest that its listing must have. Default: any, and it is written down.
    """

    identity: str
    bucket: str | None = None
    prefix: str = ""
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """
    Where things lie.

    Attributes:
        data_bucket: Bucket of the training data.
        incoming: Folder of what is offered, with a closing slash.
        approved: Folder of what passed, with a closing slash.
        report_bucket: Bucket of the runs.
        runs: Folder of the runs, with a closing slash.
    """

    data_bucket: str
    incoming: str
    approved: str
    report_bucket: str
    runs: str


def judge(
    run: str, manifest_key: str, rules: Rules, base: BaseModel, places: Places, objects: Objects
) -> dict[str, Any]:
    """
    Check a data set and the base model, copy what passed, and report.

    Args:
        run: Id of the run; names the folders of copy and report.
        manifest_key: Key of the approval.
        rules: Limits of the data set.
        base: What the training starts from.
        places: Where things lie.
        objects: Buckets.

    Returns:
        `passed`, `reasons`, `report_uri`, `data_sha256`, `base_model_sha256` and `records` by part. The copies lie at
        `<approved><run>/train/` and `held_out/`, and only if it passed.

    Raises:
        ManifestError: The approval cannot be read.
    """
    approval = objects.opened(places.data_bucket, manifest_key)
    manifest = Manifest.parse(manifest_key, b"".join(approval.chunks), places.incoming)
    check = Check(rules)
    reasons = _unapproved(manifest, places, objects, rules)
    versions = {} if reasons else _read(manifest, places, objects, check, reasons)
    if versions:
        reasons += check.reasons()
    base_digest = _base(base, objects, reasons)
    passed = not reasons
    target = f"{places.approved}{run}/"
    if passed:
        for file, version in versions.items():
            objects.copied(places.data_bucket, f"{manifest.folder}{file}", version, f"{target}{file}")
    report_key = f"{places.runs}{run}/data-report.json"
    report = {
        "passed": passed,
        "reasons": reasons,
        "manifest": {"key": manifest_key, "version_id": approval.version_id, "files": dict(manifest.files)},
        "findings": check.findings.told(),
        "records": {part: check.count(part) for part in (TRAIN, HELD_OUT)},
        "data_sha256": lineage.of_files(manifest.files),
        "base_model": {"identity": base.identity, "sha256": base_digest},
    }
    objects.written(places.report_bucket, report_key, report)
    return {
        "passed": passed,
        "reasons": reasons[:10],
        "report_uri": f"s3://{places.report_bucket}/{report_key}",
        "data_sha256": report["data_sha256"],
        "base_model_sha256": base_digest,
        "records": report["records"],
    }


def _unapproved(manifest: Manifest, places: Places, objects: Objects, rules: Rules) -> list[str]:
    listed = objects.listed(places.data_bucket, manifest.folder)
    names = {each.key.removeprefix(manifest.folder) for each in listed}
    extra, missing = sorted(names - set(manifest.files) - {NAME}), sorted(set(manifest.files) - names)
    reasons = []
    if extra:
        reasons.append(f"{len(extra)} files that nobody approved: {', '.join(extra[:5])}")
    if missing:
        reasons.append(f"{len(missing)} approved files are missing: {', '.join(missing[:5])}")
    size_mib = sum(each.size_bytes for each in listed) / _MIB
    if size_mib > rules.max_total_mib:
        reasons.append(f"{size_mib:.0f} MiB, at most {rules.max_total_mib}: split the data set, or raise max_total_mib")
    return reasons


def _read(manifest: Manifest, places: Places, objects: Objects, check: Check, reasons: list[str]) -> dict[str, str]:
    versions = {}
    for part, file in manifest.in_order:
        opened = objects.opened(places.data_bucket, f"{manifest.folder}{file}")
        content = lineage.Hashed(opened.chunks)
        check.read(part, file, content)
        versions[file] = opened.version_id
        if content.sha256 != manifest.files[file]:
            reasons.append(f"{file} is not what was approved: its SHA-256 is {content.sha256}")
    return versions


def _base(base: BaseModel, objects: Objects, reasons: list[str]) -> str:
    if base.bucket is None:
        return lineage.of_files({base.identity: base.sha256 or "not listed"})
    listed = objects.listed(base.bucket, base.prefix)
    if not listed:
        reasons.append(f"base model {base.identity} has no files")
    digest = lineage.of_objects(listed, base.prefix)
    if base.sha256 is not None and digest != base.sha256:
        reasons.append(f"base model {base.identity} is not the one that was pinned: its digest is {digest}")
    return digest
