"""A Lambda function whose code is one folder of `genai_layers.runtime`."""

from collections.abc import Mapping
from pathlib import Path

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation.errors import HandlerError
from genai_layers.foundation.retained_log_group import RetainedLogGroup
from genai_layers.foundation.workload_role import WorkloadRole

PACKAGE = Path(__file__).resolve().parent.parent


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class PythonFunction(Construct):
    """
    A Python Lambda function that ships `genai_layers/runtime` and nothing else.

    Nothing is built or downloaded: the handlers use the standard library and boto3. The hash of the code
    depends on its content alone, so the same code gives the same template on every machine.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new function.
        handler_folder: Folder of `runtime` that holds `handler.py` with a function `handler`.
        description: What the function does.
        key: Key for its logs and environment variables; it needs `KeyUse.LOGS` and `KeyUse.LAMBDA`.
        log_retention: How long its logs are kept.
        environment: Environment variables. Default: none.
        timeout: Longest run. Default: 30 seconds, the most that an HTTP API waits.
        memory_mib: Memory, which also sets the share of a processor. Default: 512.
        vpc: Network it runs in. Default: none; it then reaches AWS over the public endpoints.
        subnets: Subnets of *vpc*. Default: its isolated subnets.
        reserved_concurrency: Most runs at a time. Default: what the account has left.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.
        role: Role of the function. Default: a new one that may write its own logs and traces.

    Attributes:
        function: The function.
        log_group: Its log group.
        role: Its role.

    Raises:
        HandlerError: *handler_folder* holds no `handler.py`.

    Example:
        chat = PythonFunction(self, "Chat", handler_folder="chat", description="answers questions",
                              key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
        model.grant_invoke(chat)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handler_folder: str,
        description: str,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        environment: Mapping[str, str] | None = None,
        timeout: Duration | None = None,
        memory_mib: int = 512,
        vpc: ec2.IVpc | None = None,
        subnets: ec2.SubnetSelection | None = None,
        reserved_concurrency: int | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        role: iam.IRole | None = None,
    ) -> None:
        super().__init__(scope, id)
        _check_handler(handler_folder)
        self.log_group = RetainedLogGroup(
            self, "Logs", key=key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self.role = self._role() if role is None else role
        self.log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Resource",
            architecture=lambda_.Architecture.ARM_64,
            code=runtime_code(),
            description=description,
            environment=dict(environment or {}),
            environment_encryption=key,
            handler=f"runtime.{handler_folder}.handler.handler",
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            memory_size=memory_mib,
            reserved_concurrent_executions=reserved_concurrency,
            role=self.role,
            runtime=lambda_.Runtime.PYTHON_3_13,
            timeout=timeout or Duration.seconds(30),
            tracing=lambda_.Tracing.ACTIVE,
            vpc=vpc,
            vpc_subnets=subnets,
        )

    @property
    def connections(self) -> ec2.Connections:
        """Network connections of the function; raises where it runs in no network."""
        return self.function.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Who a grant to this function is for: its role."""
        return self.role

    def _role(self) -> WorkloadRole:
        return WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"runs the function {self.node.id}",
        )


def runtime_code(package: Path = PACKAGE) -> lambda_.AssetCode:
    """
    Return the code asset with `runtime/` at its root, hashed by content.

    Args:
        package: Folder that holds `runtime/`.
    """
    return lambda_.Code.from_asset(str(package), exclude=["*", "!runtime", "!runtime/**", "**/__pycache__", "**/*.pyc"])


def _check_handler(folder: str) -> None:
    runtime = PACKAGE / "runtime"
    if not (runtime / folder / "handler.py").is_file():
        known = ", ".join(sorted(file.parent.name for file in runtime.glob("*/handler.py"))) or "none yet"
        raise HandlerError(
            [f"handler_folder {folder!r} holds no handler.py in genai_layers/runtime: choose one of {known}"]
        )
