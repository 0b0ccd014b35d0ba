"""A Lambda function whose code is one folder of `genai_layers.runtime`."""

from collections.abc import Mapping

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from genai_layers.foundation.function_permissions import permit
from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.retained_log_group import RetainedLogGroup
from genai_layers.foundation.runtime_code import STREAMING_WRAPPER, check_handler, runtime_code
from genai_layers.foundation.workload_role import WorkloadRole


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
        timeout: Longest run. Default: 30 seconds; an API waits 29 for a whole answer.
        in_pieces: Whether the handler answers piece by piece, with `runtime.streaming.reply.StreamedReply`.
            Default: whole.
        memory_mib: Memory, which also sets the share of a processor. Default: 512.
        vpc: Network it runs in. Default: none; it then reaches AWS over the public endpoints, with TLS.
        subnets: Subnets of *vpc*. Default: its isolated subnets. The function may open TLS connections;
            `connections` opens more.
        reserved_concurrency: Most runs at a time, taken from what the account has. Default: no share of its own.
        dead_letter_queue: Where events go that failed every retry; give one to a function that is invoked
            asynchronously. Default: none.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.
        role: Role of the function. Default: a new one. Either may write the function's logs and traces, and
            nothing else until a grant says so.

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
        in_pieces: bool = False,
        memory_mib: int = 512,
        vpc: ec2.IVpc | None = None,
        subnets: ec2.SubnetSelection | None = None,
        reserved_concurrency: int | None = None,
        dead_letter_queue: sqs.IQueue | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        role: iam.IRole | None = None,
    ) -> None:
        super().__init__(scope, id)
        check_handler(handler_folder)
        self.log_group = RetainedLogGroup(
            self, "Logs", key=key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        variables = {**(environment or {}), **({"AWS_LAMBDA_EXEC_WRAPPER": STREAMING_WRAPPER} if in_pieces else {})}
        self.role: iam.IRole = role or WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=description,
        )
        permit(self.role, log_group=self.log_group, key=key if variables else None, in_network=vpc is not None)
        self.function = lambda_.Function(
            self,
            "Resource",
            architecture=lambda_.Architecture.ARM_64,
            code=runtime_code(),
            dead_letter_queue=dead_letter_queue,
            description=description,
            environment=variables or None,
            environment_encryption=key if variables else None,
            handler=f"runtime.{handler_folder}.handler.handler",
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            memory_size=memory_mib,
            reserved_concurrent_executions=reserved_concurrency,
            role=self.role,
            runtime=lambda_.Runtime.PYTHON_3_14,
            security_groups=None if vpc is None else [self._security_group(vpc, description)],
            timeout=timeout or Duration.seconds(30),
            tracing=lambda_.Tracing.ACTIVE,
            vpc=vpc,
            vpc_subnets=None if vpc is None else subnets or ISOLATED,
        )
        self._accept_findings(
            has_queue=dead_letter_queue is not None,
            has_reservation=reserved_concurrency is not None,
            in_network=vpc is not None,
        )

    @property
    def connections(self) -> ec2.Connections:
        """Network connections of the function; raises where it runs in no network."""
        return self.function.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Who a grant to this function is for: its role."""
        return self.role

    def _security_group(self, vpc: ec2.IVpc, description: str) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description=f"function: {description}"
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "TLS to the endpoints of AWS services")
        return group

    def _accept_findings(self, *, has_queue: bool, has_reservation: bool, in_network: bool) -> None:
        if not has_queue:
            acknowledge(
                self.function,
                "LambdaDLQ",
                reason="Whoever invokes this function waits for its answer and sees a failure at once; no event is "
                "queued that could be lost.",
            )
        if not has_reservation:
            acknowledge(
                self.function,
                "LambdaConcurrency",
                reason="A reservation is taken from every other function of the account; callers are throttled in "
                "front of this one instead, and the account's own limit holds.",
            )
        if not in_network:
            acknowledge(
                self.function,
                "LambdaInsideVPC",
                reason="It calls AWS APIs only, over TLS and with the permissions of its role, and reaches nothing "
                "that lies in a network.",
            )


ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
