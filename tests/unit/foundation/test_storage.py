"""Buckets and log groups are private, encrypted, kept, and emptied only where that was asked for."""

import pytest
from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, RetainedLogGroup, SecureBucket
from genai_layers.testing import ACCOUNT, Request

pytestmark = pytest.mark.synth


def _bucket(**props: object) -> tuple[testing.Template, str]:
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="data", uses=[KeyUse.S3]).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    made = SecureBucket(stack, "Documents", key=key, access_logs=access_logs, **props)  # type: ignore[arg-type]
    logical_id = stack.get_logical_id(made.bucket.node.default_child)  # type: ignore[arg-type]
    return testing.template(stack), logical_id


@pytest.fixture(scope="module")
def documents() -> tuple[testing.Template, str]:
    """A bucket with its defaults."""
    return _bucket()


def test_a_bucket_is_closed_encrypted_and_kept(documents: tuple[testing.Template, str]) -> None:
    """The defaults: no public access, our key, versions, access logs, and it outlives its stack."""
    template, logical_id = documents
    bucket = template["Resources"][logical_id]
    properties = bucket["Properties"]

    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["BucketKeyEnabled"] is True
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["LoggingConfiguration"]["LogFilePrefix"] == "Stack/Documents/"
    assert bucket["DeletionPolicy"] == "Retain"


@pytest.mark.tool
@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        ({}, True),
        ({"s3:TlsVersion": "1.2"}, True),
        ({"aws:SecureTransport": "false"}, False),
        ({"s3:TlsVersion": "1.1"}, False),
    ],
)
def test_a_bucket_takes_tls_1_2_only(
    documents: tuple[testing.Template, str], context: dict[str, str], allowed: bool
) -> None:
    """Even an administrator is refused over plain HTTP or old TLS."""
    template, logical_id = documents
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    request = Request(
        principal=f"arn:aws:iam::{ACCOUNT}:role/Admin",
        action="s3:GetObject",
        resource=f"{testing.Resolver(template=template).arn(logical_id)}/report.pdf",
        context=context,
        identity_policies=[everything],
        resource_policy=testing.bucket_policy_of(template, logical_id),
        resource_account=ACCOUNT,
    )

    (decision,) = testing.evaluate([request])

    assert decision.allowed is allowed


def test_a_bucket_is_emptied_only_when_it_may_be_destroyed(documents: tuple[testing.Template, str]) -> None:
    """What empties a bucket exists only where destruction was asked for."""
    kept, _ = documents
    destroyed, logical_id = _bucket(removal_policy=RemovalPolicy.DESTROY)

    assert testing.resources(kept, "Custom::S3AutoDeleteObjects") == {}
    (emptier,) = testing.resources(destroyed, "Custom::S3AutoDeleteObjects").values()
    assert emptier["Properties"]["BucketName"] == {"Ref": logical_id}


def test_old_versions_and_broken_uploads_go_away(documents: tuple[testing.Template, str]) -> None:
    """Neither costs money for ever."""
    template, logical_id = documents

    (rule,) = template["Resources"][logical_id]["Properties"]["LifecycleConfiguration"]["Rules"]

    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_further_rules_and_shorter_times_are_taken_as_given() -> None:
    """A given value is used as it is, and rules come on top."""
    template, logical_id = _bucket(
        noncurrent_version_expiration=Duration.days(10),
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(400), prefix="tmp/")],
    )

    first, second = template["Resources"][logical_id]["Properties"]["LifecycleConfiguration"]["Rules"]

    assert first["NoncurrentVersionExpiration"] == {"NoncurrentDays": 10}
    assert (second["Prefix"], second["ExpirationInDays"]) == ("tmp/", 400)


def test_evidence_can_be_locked() -> None:
    """With object lock, nobody can delete an object before its time."""
    template, logical_id = _bucket(object_lock=s3.ObjectLockRetention.compliance(Duration.days(365)))

    properties = template["Resources"][logical_id]["Properties"]

    assert properties["ObjectLockEnabled"] is True
    retention = properties["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {"Mode": "COMPLIANCE", "Days": 365}


def test_object_events_go_to_eventbridge_when_asked() -> None:
    """By default they go nowhere; asked for, EventBridge gets them all, without a custom resource."""
    template, logical_id = _bucket(event_bridge=True)

    properties = template["Resources"][logical_id]["Properties"]

    assert properties["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}


def test_access_logs_have_the_encryption_that_delivery_takes() -> None:
    """Log delivery writes to no bucket with a KMS key, and only for buckets of our account."""
    template, _ = _bucket()
    (logical_id,) = (
        name
        for name, bucket in testing.resources(template, "AWS::S3::Bucket").items()
        if "LoggingConfiguration" not in bucket["Properties"]
    )
    policy = testing.bucket_policy_of(template, logical_id)

    encryption = template["Resources"][logical_id]["Properties"]["BucketEncryption"]
    assert encryption["ServerSideEncryptionConfiguration"] == [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]
    assert policy is not None
    (delivery,) = (each for each in policy["Statement"] if each["Effect"] == "Allow")
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def _log_group(stack: Stack, **props: object) -> dict[str, object]:
    key = EncryptionKey(stack, "Key", description="logs", uses=[KeyUse.LOGS]).key
    RetainedLogGroup(stack, "Logs", key=key, **props)  # type: ignore[arg-type]
    (group,) = testing.resources(testing.template(stack), "AWS::Logs::LogGroup").values()
    return group


def test_a_log_group_is_encrypted_and_kept_for_a_year() -> None:
    """The defaults of a log group."""
    group = _log_group(testing.stack())

    assert group["Properties"]["RetentionInDays"] == 365
    assert "KmsKeyId" in group["Properties"]
    assert group["DeletionPolicy"] == "Retain"


def test_a_log_group_can_be_short_lived() -> None:
    """Retention and end can be chosen."""
    group = _log_group(testing.stack(), retention=logs.RetentionDays.ONE_WEEK, removal_policy=RemovalPolicy.DESTROY)

    assert group["Properties"]["RetentionInDays"] == 7
    assert group["DeletionPolicy"] == "Delete"
