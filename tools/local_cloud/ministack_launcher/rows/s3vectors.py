"""S3 Vectors, which moto has and MiniStack lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.read import arn, identity, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Reader, Resource, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

# moto 5.2.5 answers CreateVectorBucket and CreateIndex with nothing, and deletes a bucket by name alone.
_BUCKET_ARN = arn("s3vectors", "bucket/{VectorBucketName}")


def _index_arn(resource: Resource) -> str:
    bucket = resource.properties.get("VectorBucketArn") or _BUCKET_ARN(resource)
    return f"{bucket}/index/{resource.properties['IndexName']}"


def _tags(resource: Resource) -> Mapping[str, Any]:
    return {"resourceArn": resource.physical_id, "tags": resource.properties.get("Tags", [])}


def _dropped(resource: Resource) -> list[str]:
    kept = {tag["Key"] for tag in resource.properties.get("Tags", [])}
    return [tag["Key"] for tag in resource.previous.get("Tags", []) if tag["Key"] not in kept]


_UNTAG = Call(
    "UntagResource",
    lambda r: {"resourceArn": r.physical_id, "tagKeys": _dropped(r)},
    applies=lambda r: bool(_dropped(r)),
)


def _named(position: int) -> Reader:
    """A part of an ARN's resource path, such as the name in `bucket/<name>/index/<name>`."""
    return lambda resource: resource.physical_id.split(":", 5)[-1].split("/")[position]


ROWS = (
    Row(
        type="AWS::S3Vectors::VectorBucket",
        service="s3vectors",
        name=Name("VectorBucketName", 63, lowercase=True),
        create=Call("CreateVectorBucket"),
        physical_id=_BUCKET_ARN,
        attributes={"VectorBucketArn": identity},
        update=Call("TagResource", _tags),
        settle=(_UNTAG,),
        replaces=frozenset({"EncryptionConfiguration", "VectorBucketName"}),
        delete=(Call("DeleteVectorBucket", send(vectorBucketName=_named(1))),),
    ),
    Row(
        type="AWS::S3Vectors::Index",
        service="s3vectors",
        name=Name("IndexName", 63, lowercase=True),
        create=Call("CreateIndex"),
        physical_id=_index_arn,
        attributes={"IndexArn": identity},
        update=Call("TagResource", _tags),
        settle=(_UNTAG,),
        replaces=frozenset(
            {
                "DataType",
                "Dimension",
                "DistanceMetric",
                "EncryptionConfiguration",
                "IndexName",
                "MetadataConfiguration",
                "VectorBucketArn",
                "VectorBucketName",
            }
        ),
        delete=(Call("DeleteIndex", send(indexArn=identity)),),
    ),
    Row(
        type="AWS::S3Vectors::VectorBucketPolicy",
        service="s3vectors",
        create=Call("PutVectorBucketPolicy"),
        physical_id=lambda r: r.properties.get("VectorBucketArn") or r.properties["VectorBucketName"],
        update=Call("PutVectorBucketPolicy"),
        replaces=frozenset({"VectorBucketArn", "VectorBucketName"}),
        delete=(
            Call(
                "DeleteVectorBucketPolicy",
                lambda r: {k: v for k, v in r.properties.items() if k in ("VectorBucketArn", "VectorBucketName")},
            ),
        ),
    ),
)
