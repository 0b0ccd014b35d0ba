"""S3 Vectors, which moto has and MiniStack lacks."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import answered, identity, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Row


ROWS = (
    Row(
        type="AWS::S3Vectors::VectorBucket",
        service="s3vectors",
        name=Name("VectorBucketName", 63, lowercase=True),
        create=Call("CreateVectorBucket"),
        physical_id=answered("vectorBucketArn"),
        attributes={"VectorBucketArn": answered("vectorBucketArn")},
        update=None,
        delete=(Call("DeleteVectorBucket", send(vectorBucketArn=identity)),),
    ),
    Row(
        type="AWS::S3Vectors::Index",
        service="s3vectors",
        name=Name("IndexName", 63, lowercase=True),
        create=Call("CreateIndex"),
        physical_id=answered("indexArn"),
        attributes={"IndexArn": answered("indexArn")},
        update=None,
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
