"""The default security group of a network, without a single rule."""

from aws_cdk import CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation.python_function import PythonFunction


class ClosedDefaultGroup(Construct):
    """
    Takes every rule from the default security group, which CloudFormation can only add to.

    What is put into no group lands in this one, so an open one lets such things talk to one another and out.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        group_id: Id of the group.
        key: Key for the logs of the function that does it.
        log_retention: How long those are kept.
        removal_policy: What happens to those when the stack goes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        group_id: str,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        closing = PythonFunction(
            self,
            "Function",
            handler_folder="default_security_group",
            description="takes the rules of the default security group of a network",
            key=key,
            log_retention=log_retention,
            memory_mib=256,
            removal_policy=removal_policy,
            timeout=Duration.minutes(1),
        )
        closing.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
                resources=[Stack.of(self).format_arn(service="ec2", resource="security-group", resource_name=group_id)],
            )
        )
        closing.role.add_to_principal_policy(
            # Descriptions in EC2 know no resource.
            iam.PolicyStatement(actions=["ec2:DescribeSecurityGroups"], resources=["*"])
        )
        resource = CustomResource(
            # Beside the network, under the name by which cdk-nag knows a closed group.
            scope,
            "RestrictDefaultSecurityGroupCustomResource",
            resource_type="Custom::VpcRestrictDefaultSG",
            properties={"DefaultSecurityGroupId": group_id},
            service_token=closing.function.function_arn,
            service_timeout=Duration.minutes(5),
        )
        resource.node.add_dependency(closing)
