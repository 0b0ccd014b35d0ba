"""Bucket settings that MiniStack's handler leaves out, and its leave to delete a bucket that holds objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.ministack_launcher.row import Call, Resource, Supplement

if TYPE_CHECKING:
    from collections.abc import Mapping

_MANAGED_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/s3"


def _has(name: str) -> Any:
    return lambda resource: name in resource.properties


def _encryption(resource: Resource) -> Mapping[str, Any]:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": _default(rule["ServerSideEncryptionByDefault"]),
            "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
        }
        for rule in resource.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]
    return {"Bucket": resource.physical_id, "ServerSideEncryptionConfiguration": {"Rules": rules}}


def _default(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without a key of its own a bucket uses the account's `aws/s3` key; MiniStack wants it named."""
    if wanted["SSEAlgorithm"] == "aws:kms" and "KMSMasterKeyID" not in wanted:
        return {**wanted, "KMSMasterKeyID": _MANAGED_KEY}
    return wanted


def _lifecycle(resource: Resource) -> Mapping[str, Any]:
    rules = [_lifecycle_rule(rule) for rule in resource.properties["LifecycleConfiguration"]["Rules"]]
    return {"Bucket": resource.physical_id, "LifecycleConfiguration": {"Rules": rules}}


def _lifecycle_rule(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {
        name: rule[name] for name in ("Id", "Status", "AbortIncompleteMultipartUpload", "Transitions") if name in rule
    }
    expiry = {
        api: rule[name]
        for name, api in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if name in rule
    }
    if "Transitions" in rule:
        kept["Transitions"] = [
            {"Days": step["TransitionInDays"], "StorageClass": step["StorageClass"]} for step in rule["Transitions"]
        ]
    noncurrent = rule.get("NoncurrentVersionExpiration")
    if noncurrent is None and "NoncurrentVersionExpirationInDays" in rule:
        noncurrent = {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    return {
        **kept,
        "Filter": {"Prefix": rule.get("Prefix", "")},
        **({"Expiration": expiry} if expiry else {}),
        **({"NoncurrentVersionExpiration": noncurrent} if noncurrent else {}),
    }


def _logging(resource: Resource) -> Mapping[str, Any]:
    wanted = resource.properties["LoggingConfiguration"]
    return {
        "Bucket": resource.physical_id,
        "BucketLoggingStatus": {
            "LoggingEnabled": {
                "TargetBucket": wanted.get("DestinationBucketName", resource.physical_id),
                "TargetPrefix": wanted.get("LogFilePrefix", ""),
            }
        },
    }


SUPPLEMENTS = (
    Supplement(
        type="AWS::S3::Bucket",
        service="s3",
        settle=(
            Call("PutBucketEncryption", _encryption, applies=_has("BucketEncryption")),
            Call("PutBucketLifecycleConfiguration", _lifecycle, applies=_has("LifecycleConfiguration")),
            Call("PutBucketLogging", _logging, applies=_has("LoggingConfiguration")),
            # CDK's emptying function looks for its tag before it touches a bucket.
            Call(
                "PutBucketTagging",
                lambda r: {"Bucket": r.physical_id, "Tagging": {"TagSet": r.properties["Tags"]}},
                applies=_has("Tags"),
            ),
            Call(
                "PutBucketOwnershipControls",
                lambda r: {"Bucket": r.physical_id, "OwnershipControls": r.properties["OwnershipControls"]},
                applies=_has("OwnershipControls"),
            ),
        ),
        # Refused while the bucket holds anything, as on AWS; MiniStack's own handler would just drop it.
        before_delete=(Call("DeleteBucket", lambda r: {"Bucket": r.physical_id}),),
    ),
)
