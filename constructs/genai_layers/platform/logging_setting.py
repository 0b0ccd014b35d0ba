"""The setting itself: a function that takes it and gives it back."""

from collections.abc import Mapping

from aws_cdk import CfnResource, CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import PythonFunction, wildcard_resource
from genai_layers.foundation.nag import acknowledge

_MEMORY = "previous-configuration.json"
_SETTING_ACTIONS = (
    "bedrock:DeleteModelInvocationLoggingConfiguration",
    "bedrock:GetModelInvocationLoggingConfiguration",
    "bedrock:PutModelInvocationLoggingConfiguration",
)


class LoggingSetting(Construct):
    """
    Sets the invocation logging of the account while the stack lives (decision 0023).

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        configuration: What is set, in the words of the service.
        writer: Role in it, which is passed to the service.
        bucket: Where a setting that is taken over is kept.
        key: Key of the bucket and of the logs of the function.
        reasons: Why something is relaxed, by name; `adopt` allows to take over the setting of somebody else. Empty
            ones count as none.
        log_retention: How long the logs of the function are kept.
        removal_policy: What happens to those when the stack goes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        configuration: Mapping[str, object],
        writer: iam.IRole,
        bucket: s3.IBucket,
        key: kms.IKey,
        reasons: Mapping[str, str],
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        adopts = bool(reasons.get("adopt"))
        function = PythonFunction(
            self,
            "Function",
            handler_folder="invocation_logging",
            description="takes and gives back the invocation logging of the account",
            key=key,
            log_retention=log_retention,
            memory_mib=256,
            removal_policy=removal_policy,
            timeout=Duration.minutes(3),
        )
        self._allow_setting(function)
        _allow_memory(function, bucket, key)
        self._allow_roles(function, writer, adopts=adopts)
        setting = CustomResource(
            self,
            "Resource",
            resource_type="Custom::ModelInvocationLogging",
            service_token=function.function.function_arn,
            service_timeout=Duration.minutes(5),
            properties={
                "Configuration": Stack.of(self).to_json_string(dict(configuration)),
                "Adopt": "true" if adopts else "false",
                "MemoryBucket": bucket.bucket_name,
                "MemoryKey": _MEMORY,
            },
        )
        # The service writes a test event before it accepts the setting, so all that it needs must stand first.
        setting.node.add_dependency(writer, function, bucket)
        cfn_setting = setting.node.default_child
        if isinstance(cfn_setting, CfnResource):
            for name, reason in reasons.items():
                if reason:
                    cfn_setting.add_metadata(f"genai-layers:{name}", reason)

    def _allow_setting(self, function: PythonFunction) -> None:
        # These actions have no resource in IAM; the wildcard is accepted where the function is made.
        function.role.add_to_principal_policy(iam.PolicyStatement(actions=list(_SETTING_ACTIONS), resources=["*"]))

    def _allow_roles(self, function: PythonFunction, writer: iam.IRole, *, adopts: bool) -> None:
        passed = [writer.role_arn]
        if adopts:
            roles = Stack.of(self).format_arn(service="iam", region="", resource="role", resource_name="*")
            passed.append(roles)
            acknowledge(
                function,
                wildcard_resource(self, roles),
                reason="The setting that was taken over names a role of its owner, which is passed back with it; the "
                "condition allows passing to Amazon Bedrock only.",
            )
        function.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=passed,
                conditions={"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}},
            )
        )


def _allow_memory(function: PythonFunction, bucket: s3.IBucket, key: kms.IKey) -> None:
    for actions, resource in (
        (["s3:GetObject", "s3:PutObject"], bucket.arn_for_objects(_MEMORY)),
        # Without it S3 answers for a missing object with a denial, and "nothing was kept" could not be told.
        (["s3:ListBucket"], bucket.bucket_arn),
        (["kms:Decrypt", "kms:GenerateDataKey"], key.key_arn),
    ):
        function.role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
