"""The sign in a trail that somebody writes training data who should not."""

from collections.abc import Sequence

METRIC_NAMESPACE = "GenAiLayers/Training"
FOREIGN_WRITES = "ForeignTrainingDataWrites"

_WRITES = ("CompleteMultipartUpload", "CopyObject", "PutObject")


def foreign_writes(bucket_name: str, role_arns: Sequence[str]) -> str:
    """
    Return the filter pattern for writes to a bucket by anybody but some roles.

    CloudTrail names an assumed role as the issuer of the session; a caller without one, such as a user or root,
    has no such field and is counted.

    Args:
        bucket_name: The bucket.
        role_arns: Who is meant to write.
    """
    writes = " || ".join(f'($.eventName = "{name}")' for name in _WRITES)
    others = " && ".join(f'($.userIdentity.sessionContext.sessionIssuer.arn != "{arn}")' for arn in role_arns)
    return (
        f'{{ ($.eventSource = "s3.amazonaws.com") && ($.requestParameters.bucketName = "{bucket_name}") && '
        f"({writes}) && {others} }}"
    )
