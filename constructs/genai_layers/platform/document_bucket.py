"""The bucket that the documents of a knowledge base are put into."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import SecureBucket


def document_bucket(
    scope: Construct, id: str, *, key: kms.IKey, access_logs: s3.IBucket | None, removal_policy: RemovalPolicy
) -> s3.Bucket:
    """
    Make a secure bucket whose events reach EventBridge.

    Args:
        scope: The construct that it belongs to.
        id: Name within *scope*.
        key: Key of the documents.
        access_logs: Bucket for its access logs.
        removal_policy: What happens to the documents when the stack goes.
    """
    bucket = SecureBucket(scope, id, key=key, access_logs=access_logs, removal_policy=removal_policy).bucket
    # Natively: the L2 switch would add a custom resource with a Lambda function for this one property.
    cfn_bucket = bucket.node.default_child
    if isinstance(cfn_bucket, s3.CfnBucket):
        cfn_bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )
    return bucket
