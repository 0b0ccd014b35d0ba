"""Permission for API Gateway to write access logs, which an account gives once for all of its REST APIs."""

from __future__ import annotations

from aws_cdk import CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import PythonFunction
from genai_layers.foundation.nag import acknowledge

_SETTING_ID = "ApiLogSetting"


class ApiLogSetting(Construct):
    """
    Sees to it that API Gateway has a role to write logs with in this account and region.

    Without one no stage with an access log can be made. The setting is one for all REST APIs of an account and
    region, so a role that is set already stays, whoever set it (decision 0083). Ours stays with its stack's logs: where
    they are kept, other APIs may have come to rely on it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        log_key: Key for the log of the function that looks; it needs `KeyUse.LOGS`.
        log_retention: How long that is kept.
        removal_policy: What happens to that log and to the role when the stack goes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        writer = _writer(self, removal_policy)
        function = PythonFunction(
            self,
            "Function",
            handler_folder="api_log_setting",
            description="gives API Gateway a role to write logs with, unless it has one",
            key=log_key,
            log_retention=log_retention,
            memory_mib=256,
            removal_policy=removal_policy,
            timeout=Duration.minutes(3),
        )
        account = Stack.of(self).format_arn(service="apigateway", account="", resource="/account")
        for actions, resource in (
            (["apigateway:GET", "apigateway:PATCH"], account),
            (["iam:PassRole"], writer.role_arn),
        ):
            function.role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        setting = CustomResource(
            self,
            "Resource",
            resource_type="Custom::ApiLogSetting",
            service_token=function.function.function_arn,
            service_timeout=Duration.minutes(5),
            properties={
                "RoleArn": writer.role_arn,
                "RoleStays": "false" if removal_policy is RemovalPolicy.DESTROY else "true",
            },
        )
        setting.node.add_dependency(function, writer)

    @classmethod
    def of(
        cls,
        scope: Construct,
        *,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> ApiLogSetting:
        """
        Return the one of the stack, made by whoever comes first.

        Args:
            scope: In the stack.
            log_key: See above.
            log_retention: See above.
            removal_policy: See above.
        """
        stack = Stack.of(scope)
        there = stack.node.try_find_child(_SETTING_ID)
        if isinstance(there, cls):
            return there
        return cls(stack, _SETTING_ID, log_key=log_key, log_retention=log_retention, removal_policy=removal_policy)


def _writer(scope: Construct, removal_policy: RemovalPolicy) -> iam.Role:
    role = iam.Role(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
        description="API Gateway writes the access logs of the account with it",
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
        ],
    )
    role.apply_removal_policy(removal_policy)
    acknowledge(
        role,
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        reason="API Gateway takes no role for logs that may less than this policy says: it writes the logs of every "
        "API of the account with the one role.",
    )
    return role
