"""
The functions that the CDK makes to run kubectl and Helm: not ours, and held to what can be held.
"""

from __future__ import annotations

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from genai_layers.foundation.nag import acknowledge

_POLICIES = ("service-role/AWSLambdaBasicExecutionRole", "service-role/AWSLambdaVPCAccessExecutionRole")


def finish_deploy_functions(cluster: eks.Cluster, log_group: logs.ILogGroup) -> None:
    """
    Give the functions of *cluster* a log group with key and end, and say why the rest of them is as it is.

    Args:
        cluster: The cluster.
        log_group: Where they write.
    """
    provider = cluster.node.find_child("KubectlProvider")
    functions = [each for each in provider.node.find_all() if isinstance(each, lambda_.Function)]
    for function in functions:
        # Under one of its feature flags the CDK makes a group without a key.
        function.node.try_remove_child("LogGroup")
        resource = function.node.default_child
        assert isinstance(resource, lambda_.CfnFunction)  # noqa: S101 - the L2 makes no other
        resource.logging_config = lambda_.CfnFunction.LoggingConfigProperty(log_group=log_group.log_group_name)
        acknowledge(
            function,
            "AwsSolutions-L1",
            "LambdaConcurrency",
            "LambdaDLQ",
            reason="The function is the CDK's own, which chooses its runtime with each release; CloudFormation calls "
            "it once for each change, waits for its answer, and shows what failed.",
        )
        if function.node.id != "Handler":
            # It answers into a bucket of CloudFormation, which is not ours: the gateway endpoint of a closed network
            # lets nobody through to that, and a deploy would wait for an hour.
            resource.vpc_config = None
            acknowledge(
                function,
                "LambdaInsideVPC",
                reason="It calls the one function that talks to the cluster, answers CloudFormation, and reaches "
                "nothing that lies in a network.",
            )
    (handler,) = [each for each in functions if each.node.id == "Handler"]
    for role in provider.node.find_all():
        if isinstance(role, iam.Role):
            acknowledge(
                role,
                "IAMNoInlinePolicy",
                f"AwsSolutions-IAM5[Resource::{handler.function_arn}:*]",
                *(
                    f"AwsSolutions-IAM4[Policy::{iam.ManagedPolicy.from_aws_managed_policy_name(name).managed_policy_arn}]"
                    for name in _POLICIES
                ),
                reason="The CDK makes this role for the function that calls its handler, and takes no other: it may"
                "  invoke that one function in any version, write logs and stand in the network.",
            )
