"""What our supplements put back for buckets and tables, against the running emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator


def bucket(days: int = 30) -> dict[str, Any]:
    """An encrypted bucket with a key of its own, access logs, a lifecycle and tags."""
    return {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}},
        "Logs": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": True,
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]},
                            },
                        }
                    ]
                },
                "LoggingConfiguration": {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "rows/"},
                "LifecycleConfiguration": {
                    "Rules": [
                        {"Id": "old", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": days}}
                    ]
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "Tags": [{"Key": "aws-cdk:auto-delete-objects", "Value": "true"}],
            },
        },
    }


OUTPUTS = {"Name": {"Ref": "Bucket"}, "Key": {"Fn::GetAtt": ["Key", "Arn"]}}


def test_a_bucket_has_the_encryption_of_the_template(stack: HandmadeStack, clients: Clients) -> None:
    """Key, access log, tags and lifecycle are all there to be read back."""
    made = stack.deploy(bucket(), OUTPUTS)
    s3 = clients("s3")

    rule = s3.get_bucket_encryption(Bucket=made["Name"])["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == made["Key"]
    assert s3.get_bucket_logging(Bucket=made["Name"])["LoggingEnabled"]["TargetPrefix"] == "rows/"
    assert s3.get_bucket_tagging(Bucket=made["Name"])["TagSet"][0]["Value"] == "true"


def test_a_bucket_is_changed_in_place(stack: HandmadeStack, clients: Clients) -> None:
    """A new lifecycle rule reaches the same bucket."""
    first = stack.deploy(bucket(days=30), OUTPUTS)

    second = stack.deploy(bucket(days=7), OUTPUTS)

    rules = clients("s3").get_bucket_lifecycle_configuration(Bucket=first["Name"])["Rules"]
    assert (first, rules[0]["NoncurrentVersionExpiration"]["NoncurrentDays"]) == (second, 7)


def test_a_bucket_that_holds_an_object_is_not_deleted(stack: HandmadeStack, clients: Clients) -> None:
    """As on AWS: a stack that does not empty its bucket fails to delete."""
    made = stack.deploy(bucket(), OUTPUTS)
    s3 = clients("s3")
    s3.put_object(Bucket=made["Name"], Key="a.txt", Body=b"hello")

    with pytest.raises(RuntimeError, match="BucketNotEmpty"):
        stack.delete()

    s3.delete_object(Bucket=made["Name"], Key="a.txt")


KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}}
SHAPE = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}


def table(*, backed_up: bool) -> dict[str, Any]:
    """A table under a key of its own."""
    settings = {
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": backed_up},
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}},
    }
    return {"Key": KEY, "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {**SHAPE, **settings}}}


def global_table(*, backed_up: bool) -> dict[str, Any]:
    """A table with a replica in one region, under a key of its own."""
    replica = {
        "Region": "us-east-1",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": backed_up},
        "SSESpecification": {"KMSMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}},
    }
    settings = {"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"}, "Replicas": [replica]}
    return {"Key": KEY, "Table": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {**SHAPE, **settings}}}


TABLE_OUTPUTS = {"Name": {"Ref": "Table"}, "Key": {"Fn::GetAtt": ["Key", "Arn"]}}


@pytest.mark.parametrize("kind", [table, global_table], ids=["table", "global table"])
def test_a_table_has_the_backups_and_key_of_the_template(
    stack: HandmadeStack, clients: Clients, kind: Callable[..., dict[str, Any]]
) -> None:
    """Point-in-time recovery and encryption are read back, before and after a change that keeps the items."""
    dynamodb = clients("dynamodb")

    def backups(name: str) -> str:
        described = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        return str(described["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"])

    made = stack.deploy(kind(backed_up=False), TABLE_OUTPUTS)
    dynamodb.put_item(TableName=made["Name"], Item={"pk": {"S": "kept"}})
    before = backups(made["Name"])
    again = stack.deploy(kind(backed_up=True), TABLE_OUTPUTS)

    assert (made, before, backups(made["Name"])) == (again, "DISABLED", "ENABLED")
    assert dynamodb.describe_table(TableName=made["Name"])["Table"]["SSEDescription"]["KMSMasterKeyArn"] == made["Key"]
    assert dynamodb.scan(TableName=made["Name"])["Count"] == 1
