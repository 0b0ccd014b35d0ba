"""The log of the CDK's function that empties buckets, which would otherwise outlive its stack for ever."""

from aws_cdk import CfnResource, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation.errors import StorageError
from genai_layers.foundation.nag import acknowledge

_PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def bind_emptier_log(scope: Construct) -> None:
    """
    Give the function that empties the buckets of the stack of *scope* a log group of the stack's own.

    Without one, Lambda makes the group at the first call: no retention, and no stack that would delete it.

    Args:
        scope: A construct of a stack that has such a function already; a second call changes nothing.

    Raises:
        StorageError: The stack has no such function.
    """
    stack = Stack.of(scope)
    provider = stack.node.try_find_child(_PROVIDER)
    handler = provider.node.try_find_child("Handler") if provider is not None else None
    if not isinstance(provider, Construct) or not isinstance(handler, CfnResource):
        raise StorageError([f"stack {stack.node.path!r} has no function that empties buckets"])
    if provider.node.try_find_child("Log") is not None:
        return
    log_group = logs.LogGroup(
        provider, "Log", retention=logs.RetentionDays.ONE_WEEK, removal_policy=RemovalPolicy.DESTROY
    )
    handler.add_property_override("LoggingConfig", {"LogGroup": log_group.log_group_name})
    acknowledge(
        log_group,
        "CloudWatchLogGroupEncrypted",
        "GENAI-LOGS-02",
        reason="The log names buckets that are being emptied and holds no content of theirs; the function exists only "
        "where data is thrown away with its stack.",
    )
