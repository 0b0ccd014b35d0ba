"""Who may read the evidence."""

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, AuditTrail, EncryptionKey, KeyUse
from genai_layers.testing import ACCOUNT, Request

pytestmark = [pytest.mark.synth, pytest.mark.tool]


def test_a_reader_opens_the_files_and_changes_none() -> None:
    """An auditor can be let in, to read: by the bucket and by its key, which alone would be half a grant."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="trail", uses=[KeyUse.LOGS, KeyUse.CLOUDTRAIL]).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    trail = AuditTrail(stack, "Audit", key=key, log_retention=logs.RetentionDays.ONE_YEAR, access_logs=access_logs)
    reader, other = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("Reader", "Other"))

    trail.grant_read(reader)

    template = testing.template(stack)
    resolver = testing.Resolver(template=template)
    bucket = stack.get_logical_id(trail.bucket.node.default_child)  # type: ignore[arg-type]
    key_id = next(iter(testing.resources(template, "AWS::KMS::Key")))
    through_s3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}

    def does(role: iam.Role, action: str, context: dict[str, str] | None = None) -> Request:
        on_key = action.startswith("kms:")
        return Request(
            principal=resolver.arn(stack.get_logical_id(role.node.default_child)),  # type: ignore[arg-type]
            action=action,
            resource=resolver.arn(key_id) if on_key else f"{resolver.arn(bucket)}/AWSLogs/file",
            context=context or {},
            resource_policy=(
                testing.key_policy_of(template, key_id) if on_key else testing.bucket_policy_of(template, bucket)
            ),
            resource_account=ACCOUNT,
        )

    decisions = testing.evaluate(
        [
            does(reader, "s3:GetObject"),
            does(reader, "kms:Decrypt", through_s3),
            does(reader, "kms:Decrypt", {"kms:ViaService": "logs.us-east-1.amazonaws.com"}),
            does(reader, "s3:PutObject"),
            does(reader, "s3:DeleteObject"),
            does(other, "s3:GetObject"),
            does(other, "kms:Decrypt", through_s3),
        ]
    )
    assert [decision.allowed for decision in decisions] == [True, True, False, False, False, False, False]
