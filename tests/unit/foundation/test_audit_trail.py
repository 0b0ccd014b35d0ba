"""A trail sees every region, cannot be changed unseen, and is written by CloudTrail alone."""

from typing import Any

import pytest
from aws_cdk import Duration, Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, AuditTrail, EncryptionKey, KeyUse, SecureBucket
from genai_layers.foundation.trail_events import DATA_EVENT_TYPES
from genai_layers.foundation.trail_signs import SIGNS
from genai_layers.testing import ACCOUNT, Request

pytestmark = pytest.mark.synth


def _trail(stack: Stack, **props: object) -> AuditTrail:
    key = EncryptionKey(stack, "Key", description="trail", uses=[KeyUse.LOGS, KeyUse.CLOUDTRAIL]).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    return AuditTrail(
        stack,
        "Audit",
        key=key,
        log_retention=logs.RetentionDays.ONE_YEAR,
        access_logs=access_logs,
        **props,  # type: ignore[arg-type]
    )


def _properties(stack: Stack) -> dict[str, Any]:
    (trail,) = testing.resources(testing.template(stack), "AWS::CloudTrail::Trail").values()
    properties: dict[str, Any] = trail["Properties"]
    return properties


def _objects(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the field selectors of the S3 objects that a trail records."""
    return [
        field
        for selector in properties["AdvancedEventSelectors"]
        for field in selector["FieldSelectors"]
        if {"Field": "resources.type", "Equals": ["AWS::S3::Object"]} in selector["FieldSelectors"]
        and field["Field"] == "resources.ARN"
    ]


def test_a_trail_sees_every_region_and_shows_every_change() -> None:
    """Multi-region, global services, digests, our key, and an encrypted log group."""
    stack = testing.stack()
    _trail(stack)

    trail = _properties(stack)

    assert trail["IsLogging"] is trail["IsMultiRegionTrail"] is trail["IncludeGlobalServiceEvents"] is True
    assert trail["EnableLogFileValidation"] is True
    assert "KMSKeyId" in trail
    assert trail["CloudWatchLogsLogGroupArn"]["Fn::GetAtt"][1] == "Arn"


def test_cloudtrail_itself_reaches_the_key() -> None:
    """A bucket key would hide from the key policy who writes, and CloudTrail then needs to decrypt as well."""
    stack = testing.stack()
    trail = _trail(stack)
    logical_id = stack.get_logical_id(trail.bucket.node.default_child)  # type: ignore[arg-type]

    properties = testing.template(stack)["Resources"][logical_id]["Properties"]

    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is False


def test_every_call_of_a_model_or_function_is_recorded() -> None:
    """All management events, and the data events of each type in the list, are selected once."""
    stack = testing.stack()
    _trail(stack)

    selectors = [
        {field["Field"]: field.get("Equals") for field in each["FieldSelectors"]}
        for each in _properties(stack)["AdvancedEventSelectors"]
    ]

    assert selectors[0] == {"eventCategory": ["Management"]}
    assert [each["resources.type"] for each in selectors[1:]] == [[kind] for kind in DATA_EVENT_TYPES]
    assert all(each["eventCategory"] == ["Data"] for each in selectors[1:])


def test_the_objects_of_a_bucket_are_recorded_when_asked() -> None:
    """Buckets given at the start and buckets told later are in one selector; a neighbour with a longer name is not."""
    stack = testing.stack()
    first, second = s3.Bucket(stack, "First"), s3.Bucket(stack, "Second")
    trail = _trail(stack, data_buckets=[first])

    trail.record(second)

    (field,) = _objects(_properties(stack))
    assert [each["Fn::Join"][1][-1] for each in field["StartsWith"]] == ["/", "/"]
    assert len(field["StartsWith"]) == 2


def test_the_objects_of_every_bucket_can_be_recorded_but_for_its_own() -> None:
    """Otherwise each file that the trail writes would make an event that makes a file."""
    stack = testing.stack()
    trail = _trail(stack)

    trail.record_every_bucket()

    (field,) = _objects(_properties(stack))
    own = stack.get_logical_id(trail.bucket.node.default_child)  # type: ignore[arg-type]
    assert field["NotStartsWith"][0]["Fn::Join"][1][0] == {"Fn::GetAtt": [own, "Arn"]}


def test_a_bucket_of_an_earlier_stack_makes_one_dependency() -> None:
    """The stack of the trail depends on the stack of the bucket, never both ways."""
    app = testing.app()
    data, audit = testing.stack(app, "Data"), testing.stack(app, "Audit")
    bucket = s3.Bucket(data, "Documents")

    _trail(audit).record(bucket)

    testing.template(audit)
    assert [stack.node.id for stack in audit.dependencies] == ["Data"]


@pytest.mark.tool
def test_only_our_own_trail_writes_to_the_bucket() -> None:
    """CloudTrail may write for a trail of our account, with the owner in control, and for nobody else's."""
    stack = testing.stack()
    trail = _trail(stack)
    bucket = stack.get_logical_id(trail.bucket.node.default_child)  # type: ignore[arg-type]
    template = testing.template(stack)
    policy = testing.bucket_policy_of(template, bucket)
    arn = testing.Resolver(template=template).arn(bucket)

    def put(account: str, **context: str) -> Request:
        return Request(
            principal="cloudtrail.amazonaws.com",
            action="s3:PutObject",
            resource=f"{arn}/AWSLogs/{ACCOUNT}/CloudTrail/file.json.gz",
            context={
                "aws:SourceAccount": account,
                "aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit",
                **{key.replace("__", ":"): value for key, value in context.items()},
            },
            resource_policy=policy,
            resource_account=ACCOUNT,
        )

    decisions = testing.evaluate(
        [
            put(ACCOUNT, **{"s3__x-amz-acl": "bucket-owner-full-control"}),
            put(ACCOUNT),
            put("999988887777", **{"s3__x-amz-acl": "bucket-owner-full-control"}),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False, False]


def test_the_trail_waits_for_what_lets_it_write() -> None:
    """CloudTrail tries the bucket and the role when the trail is made, so both policies come first."""
    stack = testing.stack()
    _trail(stack)
    template = testing.template(stack)
    (trail,) = testing.resources(template, "AWS::CloudTrail::Trail").values()

    kinds = {template["Resources"][each]["Type"] for each in trail["DependsOn"]}

    assert {"AWS::S3::BucketPolicy", "AWS::IAM::Policy"} <= kinds


def test_signs_of_misuse_are_counted_and_ready_for_an_alarm() -> None:
    """Each sign has a filter on the log group and a metric of the same name."""
    stack = testing.stack()
    trail = _trail(stack)

    filters = testing.resources(testing.template(stack), "AWS::Logs::MetricFilter").values()

    counted = {each["Properties"]["MetricTransformations"][0]["MetricName"] for each in filters}
    assert counted == set(SIGNS)
    for sign in SIGNS:
        metric = trail.metric(sign)
        assert (metric.namespace, metric.metric_name, metric.statistic) == ("GenAiLayers/Audit", sign, "Sum")


def test_a_sign_that_is_not_counted_is_refused() -> None:
    """An alarm on a metric that nobody writes would stay silent for ever."""
    trail = _trail(testing.stack())

    with pytest.raises(ValueError, match="sign 'Intruders' is not counted: choose one of AccessDenied, KeyDisabled"):
        trail.metric("Intruders")


def test_log_files_can_be_locked() -> None:
    """With object lock not even the root user can delete a log file before its time."""
    stack = testing.stack()
    _trail(stack, object_lock=s3.ObjectLockRetention.compliance(Duration.days(365)))

    buckets = testing.resources(testing.template(stack), "AWS::S3::Bucket").values()

    assert [each["Properties"].get("ObjectLockEnabled") for each in buckets].count(True) == 1


def test_a_recorded_bucket_needs_no_policy_of_its_own() -> None:
    """Recording reads nothing: the policy of the bucket does not mention CloudTrail."""
    stack = testing.stack()
    trail = _trail(stack)
    key = EncryptionKey(stack, "DataKey", description="data", uses=[KeyUse.S3]).key
    documents = SecureBucket(stack, "Documents", key=key, access_logs=None).bucket

    trail.record(documents)

    logical_id = stack.get_logical_id(documents.node.default_child)  # type: ignore[arg-type]
    assert "cloudtrail" not in str(testing.bucket_policy_of(testing.template(stack), logical_id))
