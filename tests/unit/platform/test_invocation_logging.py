"""Invocation logging: what is kept of what people write, who may write it, and who may touch the setting."""

from __future__ import annotations

import json

import pytest
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks
from genai_layers.platform import InvocationLogging, LoggedContent, LoggingError
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

AGREED = "The works council agreed to it in writing"
HANDED_OVER = "The former owner handed the setting over to us"


def made(stack, **props) -> InvocationLogging:
    """Return the logging of a stack, under a key of its own."""
    key = EncryptionKey(stack, "Key", description="logs", uses=InvocationLogging.REQUIRED_KEY_USES)
    logs = s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs")
    return InvocationLogging(stack, "Logging", key=key.key, access_logs=logs, **props)


def synthesized(**props):
    """Return the template of a stack with invocation logging."""
    stack = testing.stack()
    made(stack, **props)
    return testing.template(stack)


def setting(template):
    """Return the custom resource."""
    (found,) = testing.resources(template, "Custom::ModelInvocationLogging").values()
    return found


def configuration(template, fill):
    """Return the configuration as the service gets it."""
    return json.loads(fill(setting(template)["Properties"]["Configuration"]))


@pytest.fixture(scope="module")
def template():
    """Return a template with the defaults."""
    return synthesized()


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"content": LoggedContent.metadata()},
        {"content": LoggedContent.full(reason=AGREED), "adopt_reason": HANDED_OVER},
    ],
    ids=["masked", "metadata", "full"],
)
def test_every_choice_is_clean_under_every_pack(props):
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    made(stack, **props)

    testing.template(stack)


def test_text_is_kept_masked_by_default_and_only_where_it_can_be_masked(template, fill):
    """CloudWatch masks personal data; the bucket could not, so nothing goes there."""
    kept = configuration(template, fill)
    (group,) = [
        one["Properties"]
        for name, one in testing.resources(template, "AWS::Logs::LogGroup").items()
        if name.startswith("LoggingLogs")
    ]
    (_, mask) = group["DataProtectionPolicy"]["Statement"]

    assert kept["textDataDeliveryEnabled"] is True
    assert "s3Config" not in kept
    assert mask["Operation"] == {"Deidentify": {"MaskConfig": {}}}
    assert "arn:aws:dataprotection::aws:data-identifier/EmailAddress" in mask["DataIdentifier"]
    assert "KmsKeyId" in group
    assert group["RetentionInDays"] == 365


def test_metadata_alone_keeps_nothing_that_was_written(fill):
    """Who called what and when goes to both places, and no kind of content does."""
    kept = configuration(synthesized(content=LoggedContent.metadata()), fill)

    assert {value for name, value in kept.items() if name.endswith("Enabled")} == {False}
    assert "s3Config" in kept


def test_full_content_takes_a_reason_that_is_on_record(fill):
    """Everything is kept, and the template says why."""
    template = synthesized(content=LoggedContent.full(reason=AGREED))
    kept = configuration(template, fill)

    assert {value for name, value in kept.items() if name.endswith("Enabled")} == {True}
    assert kept["cloudWatchConfig"]["largeDataDeliveryS3Config"] == kept["s3Config"]
    assert setting(template)["Metadata"] == {"genai-layers:full": AGREED}


def test_reasons_that_say_nothing_are_refused_together():
    """Both relaxations need one."""
    with pytest.raises(LoggingError) as error:
        synthesized(content=LoggedContent.full(reason="ok"), adopt_reason="yes")

    assert len(error.value.faults) == 2


def test_the_setting_of_somebody_else_is_taken_over_only_with_a_reason(template):
    """The default refuses at deploy time, since nobody at synth knows what is set."""
    adopting = setting(synthesized(adopt_reason=HANDED_OVER))

    assert setting(template)["Properties"]["Adopt"] == "false"
    assert adopting["Properties"]["Adopt"] == "true"
    assert adopting["Metadata"] == {"genai-layers:adopt": HANDED_OVER}


def test_everything_stands_before_the_setting(template):
    """The service writes a test event before it accepts, so roles with their policies and places come first."""
    needed = setting(template)["DependsOn"]

    for start in ("LoggingWriterDefaultPolicy", "LoggingSettingFunctionRoleDefaultPolicy", "LoggingRecordsPolicy"):
        assert any(name.startswith(start) for name in needed), start


def test_the_service_writes_to_one_stream_of_one_log_group(template, may):
    """The role of the service may write its stream and nothing else."""
    (group,) = [name for name in testing.resources(template, "AWS::Logs::LogGroup") if name.startswith("LoggingLogs")]
    stream = "arn:aws:logs:us-east-1:111122223333:log-group:invocations:log-stream:aws/bedrock/modelinvocations"

    answers = may(
        template,
        "LoggingWriter",
        ("logs:PutLogEvents", stream, {}),
        ("logs:CreateLogStream", stream, {}),
        ("logs:PutLogEvents", stream.replace("invocations:", "other:"), {}),
        ("logs:DeleteLogStream", stream, {}),
        known={group: "invocations"},
    )

    assert answers == [True, True, False, False]


def test_the_bucket_takes_records_from_the_service_for_this_account_only(fill):
    """Another account or region that names our bucket in its setting is denied, and another place in the bucket."""
    template = synthesized(content=LoggedContent.metadata())
    (bucket,) = [name for name in testing.resources(template, "AWS::S3::Bucket") if name.startswith("LoggingRecords")]
    (policy,) = testing.resources(template, "AWS::S3::BucketPolicy").values()
    document = fill(policy["Properties"]["PolicyDocument"], {f"{bucket}.Arn": "arn:aws:s3:::records"})

    def put(key: str, account: str, region: str = "us-east-1") -> Request:
        return Request(
            principal="bedrock.amazonaws.com",
            action="s3:PutObject",
            resource=f"arn:aws:s3:::records/{key}",
            context={
                "aws:SourceAccount": account,
                "aws:SourceArn": f"arn:aws:bedrock:{region}:{account}:",
                "aws:SecureTransport": "true",
                "s3:TlsVersion": "1.3",
            },
            resource_policy=document,
            resource_account="111122223333",
        )

    decisions = evaluate(
        [
            put("invocations/AWSLogs/111122223333/BedrockModelInvocationLogs/one.json.gz", "111122223333"),
            put("invocations/AWSLogs/111122223333/BedrockModelInvocationLogs/one.json.gz", "999999999999"),
            put("invocations/AWSLogs/111122223333/BedrockModelInvocationLogs/one.json.gz", "111122223333", "eu-west-1"),
            put("previous-configuration.json", "111122223333"),
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False, False, False]


def test_the_function_passes_our_role_and_no_other_unless_it_takes_over(template, may):
    """To put a setting back it must pass the role in it, to Bedrock alone."""
    to_bedrock = {"iam:PassedToService": "bedrock.amazonaws.com"}
    other = "arn:aws:iam::111122223333:role/theirs"
    role = "LoggingSettingFunctionRole"

    assert may(template, role, ("iam:PassRole", other, to_bedrock)) == [False]
    assert may(
        synthesized(adopt_reason=HANDED_OVER),
        role,
        ("iam:PassRole", other, to_bedrock),
        ("iam:PassRole", other, {"iam:PassedToService": "lambda.amazonaws.com"}),
    ) == [True, False]


def test_records_in_the_bucket_end_and_the_kept_setting_does_not(template):
    """Only what the service writes expires; what was taken over is needed to the end."""
    (bucket,) = [
        one["Properties"]
        for name, one in testing.resources(template, "AWS::S3::Bucket").items()
        if name.startswith("LoggingRecords")
    ]
    expiring = [rule for rule in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in rule]

    assert [(rule["Prefix"], rule["ExpirationInDays"]) for rule in expiring] == [("invocations/", 365)]


def test_identifiers_are_masked_in_govcloud_by_its_own_arns():
    """Managed identifiers carry the partition."""
    stack = testing.stack(region="us-gov-west-1")
    made(stack)
    text = json.dumps(testing.template(stack))

    assert "arn:aws-us-gov:dataprotection::aws:data-identifier/EmailAddress" in text
    assert "arn:aws:" not in text


def test_lost_records_are_a_metric_to_alarm_on():
    """The service counts what it could not deliver."""
    assert made(testing.stack()).metric_delivery_failures().metric_name.endswith("CloudWatchDeliveryFailure")
