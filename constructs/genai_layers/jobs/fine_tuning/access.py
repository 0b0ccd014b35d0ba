"""Exact grants on a folder of a bucket, with the key that goes with it."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge

_FILES = "A data set and a model are folders of files that others named; the wildcard ends at the folder."


def read_folder(role: iam.IRole, bucket: s3.IBucket, prefix: str) -> None:
    """
    Let *role* list and read one folder, and decrypt what is in it.

    Args:
        role: Who reads.
        bucket: The bucket.
        prefix: The folder, with a closing slash; or the key of one object.
    """
    objects = bucket.arn_for_objects(f"{prefix}*" if prefix.endswith("/") else prefix)
    role.add_to_principal_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[objects]))
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [prefix, f"{prefix}*"]}},
        )
    )
    if bucket.encryption_key is not None:
        use_key(role, bucket.encryption_key, "kms:Decrypt")
    if prefix.endswith("/"):
        acknowledge(role, wildcard_resource(role, objects), reason=_FILES)


def write_folder(role: iam.IRole, bucket: s3.IBucket, prefix: str) -> None:
    """
    Let *role* put objects into one folder; neither read nor delete.

    Args:
        role: Who writes.
        bucket: The bucket.
        prefix: The folder, with a closing slash; wildcards within it are welcome. Without a slash, keys of that form.
    """
    objects = bucket.arn_for_objects(f"{prefix}*" if prefix.endswith("/") else prefix)
    role.add_to_principal_policy(
        iam.PolicyStatement(actions=["s3:AbortMultipartUpload", "s3:PutObject"], resources=[objects])
    )
    if bucket.encryption_key is not None:
        # Decrypt is what S3 asks for when it puts the parts of a large upload together.
        use_key(role, bucket.encryption_key, "kms:Decrypt", "kms:GenerateDataKey")
    acknowledge(role, wildcard_resource(role, objects), reason=_FILES)


def use_key(role: iam.IRole, key: kms.IKey, *actions: str) -> None:
    """
    Let *role* use a key by its own policy; the key's policy leaves that to the account.

    Args:
        role: Who uses it.
        key: The key.
        *actions: KMS actions.
    """
    role.add_to_principal_policy(iam.PolicyStatement(actions=list(actions), resources=[key.key_arn]))


def arns(roles: Sequence[iam.IRole]) -> list[str]:
    """Return the ARNs of *roles*."""
    return [role.role_arn for role in roles]
