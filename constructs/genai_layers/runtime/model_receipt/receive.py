"""Is this the model that was judged and approved there, and did all of it arrive?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..data_gate.lineage import StoredObject, of_files, of_objects
from .stores import Stores

RECEIVED = "received/"
"""Folder of all models in the bucket; each has its own below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where models come from and go to.

    Attributes:
        source_bucket: Bucket of the runs in the other account.
        bucket: Bucket of this account.
        key_arn: Key of this account.
    """

    source_bucket: str
    bucket: str
    key_arn: str


def receive(arn: str, place: Place, stores: Stores) -> dict[str, Any]:
    """
    Copy the files of one model package, if they are what its judgement says.

    Args:
        arn: Model package of the other account.
        place: Where it comes from and goes to.
        stores: Buckets and registry.

    Returns:
        `passed`, `reasons`, and of a model that passed `specification`, `card` and `properties` of the entry here.
    """
    package = stores.package(arn)
    specification = package["InferenceSpecification"]
    (container,) = specification["Containers"]
    uri = container["ModelDataSource"]["S3DataSource"]["S3Uri"]
    properties = package.get("CustomerMetadataProperties", {})
    start = f"s3://{place.source_bucket}/"
    reasons = []
    if package["ModelApprovalStatus"] != "Approved":
        reasons.append(f"it is {package['ModelApprovalStatus']} where it comes from: have it approved there first")
    if not uri.startswith(start):
        reasons.append(f"its files are at {uri}, and not in the bucket of the runs, {place.source_bucket}")
    if reasons:
        return _refused(reasons)
    prefix = f"{uri.removeprefix(start).rstrip('/')}/"
    files = stores.listed(place.source_bucket, prefix)
    found, judged = of_objects(files, prefix), properties.get("artifacts_sha256")
    if not files or found != judged:
        return _refused([f"its {len(files)} files have the digest {found}, and {judged} was judged"])
    folder = f"{RECEIVED}{hashlib.sha256(arn.encode()).hexdigest()[:32]}/"
    reasons, sums = _copy(files, prefix, folder, place, stores)
    if reasons:
        return _refused(reasons)
    source = {"S3Uri": f"s3://{place.bucket}/{folder}", "S3DataType": "S3Prefix", "CompressionType": "None"}
    kept = {name: container[name] for name in ("Image", "Environment") if name in container}
    return {
        "passed": True,
        "reasons": [],
        "specification": {
            "Containers": [{**kept, "ModelDataSource": {"S3DataSource": source}}],
            "SupportedContentTypes": specification["SupportedContentTypes"],
            "SupportedResponseMIMETypes": specification["SupportedResponseMIMETypes"],
        },
        "card": package["ModelCard"]["ModelCardContent"],
        "properties": {
            **properties,
            "source_package": arn,
            "source_artifacts_sha256": found,
            "artifacts_sha256": of_files(sums),
        },
    }


def _copy(
    files: list[StoredObject], prefix: str, folder: str, place: Place, stores: Stores
) -> tuple[list[str], dict[str, str]]:
    reasons, sums = [], {}
    for each in files:
        name = each.key.removeprefix(prefix)
        copy = stores.copied(place.source_bucket, each, place.bucket, f"{folder}{name}", place.key_arn)
        if copy.size_bytes != each.size_bytes:
            reasons.append(f"{name} has {copy.size_bytes} bytes here and {each.size_bytes} there")
        if copy.key_arn != place.key_arn:
            reasons.append(f"{name} is encrypted with {copy.key_arn or 'no key'} and not with {place.key_arn}")
        if not copy.checksum:
            reasons.append(f"{name} has no SHA-256, so nobody could tell later whether it changed")
        sums[name] = copy.checksum
    return reasons, sums


def _refused(reasons: list[str]) -> dict[str, Any]:
    return {"passed": False, "reasons": reasons, "specification": {}, "card": "", "properties": {}}


def placed(settings: Mapping[str, str]) -> Place:
    """
    Return the place that settings name.

    Args:
        settings: `SOURCE_BUCKET`, `BUCKET` and `KEY_ARN`.
    """
    return Place(source_bucket=settings["SOURCE_BUCKET"], bucket=settings["BUCKET"], key_arn=settings["KEY_ARN"])
