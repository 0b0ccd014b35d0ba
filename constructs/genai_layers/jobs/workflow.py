"""A state machine with our posture: encrypted, logged, traced, and run by a role that only it can take on."""

from aws_cdk import ArnFormat, Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.foundation import KeyUse, WorkloadRole
from genai_layers.foundation.nag import acknowledge


class Workflow(Construct):
    """
    A state machine under a customer-managed key.

    The grants of the key are written here, since those of the CDK's own property (2.275) are for a state machine
    without a name and match none: every execution would be denied its key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        definition: What it does.
        description: What it is for.
        key: Key for definition and executions; it needs the uses in `REQUIRED_KEY_USES`.
        log_group: Where its events go.
        timeout: Longest run.
        is_express: Whether it is for many short runs, which may start twice. Default: no.

    Attributes:
        state_machine: The state machine.
        role: Its role; steps add what they call.
    """

    REQUIRED_KEY_USES = (KeyUse.STEP_FUNCTIONS,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        definition: sfn.IChainable,
        description: str,
        key: kms.IKey,
        log_group: logs.ILogGroup,
        timeout: Duration,
        is_express: bool = False,
    ) -> None:
        super().__init__(scope, id)
        self._key = key
        self.role = self._role(description)
        self._allow_key()
        self.state_machine = sfn.StateMachine(
            self,
            "Resource",
            comment=description,
            definition_body=sfn.DefinitionBody.from_chainable(definition),
            logs=sfn.LogOptions(
                destination=log_group,
                # Input of an express run is an event with the name of a document, one for each upload.
                include_execution_data=not is_express,
                level=sfn.LogLevel.ALL,
            ),
            role=self.role,
            state_machine_type=sfn.StateMachineType.EXPRESS if is_express else sfn.StateMachineType.STANDARD,
            timeout=timeout,
            tracing_enabled=True,
        )
        self.cfn_state_machine.encryption_configuration = sfn.CfnStateMachine.EncryptionConfigurationProperty(
            type="CUSTOMER_MANAGED_KMS_KEY", kms_key_id=key.key_arn, kms_data_key_reuse_period_seconds=300
        )

    @property
    def cfn_state_machine(self) -> sfn.CfnStateMachine:
        """The state machine as CloudFormation knows it."""
        resource = self.state_machine.node.default_child
        assert isinstance(resource, sfn.CfnStateMachine)  # noqa: S101 - what an L2 is made of
        return resource

    def grant_start(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start a run, watch it, and read what came of it.

        Args:
            grantee: Who may.
        """
        executions = Stack.of(self).format_arn(
            service="states",
            resource="execution",
            resource_name=f"{self.state_machine.state_machine_name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        watched = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["states:DescribeExecution", "states:GetExecutionHistory"],
            resource_arns=[executions],
        )
        started = self.state_machine.grant_start_execution(grantee)
        if isinstance(grantee, Construct):
            acknowledge(
                grantee,
                f"AwsSolutions-IAM5[Resource::{executions}]",
                reason="An execution has a name of its own; the wildcard ends at this state machine.",
            )
        return started.combine(watched).combine(self._key.grant_decrypt(grantee))

    def metric_started(self) -> cloudwatch.Metric:
        """Return how many runs began."""
        return self.state_machine.metric_started()

    def metric_failed(self) -> cloudwatch.Metric:
        """Return how many runs failed."""
        return self.state_machine.metric_failed()

    def metric_timed_out(self) -> cloudwatch.Metric:
        """Return how many runs ran out of time."""
        return self.state_machine.metric_timed_out()

    def _role(self, description: str) -> WorkloadRole:
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": self._machines()},
                },
            ),
            description=description,
        )
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            reason="Log delivery and X-Ray have no resources in IAM; Step Functions needs both to write its own "
            "logs and traces.",
        )
        return role

    def _allow_key(self) -> None:
        # Step Functions developer guide, "Encrypting data at rest": the role uses the key for runs in the context
        # of the state machine, and for log delivery in a context that ends with a literal asterisk.
        logs_of_account = Stack.of(self).format_arn(service="logs", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME)
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self._key.key_arn],
                # The name is not known before the state machine stands, and that needs this policy: any of ours.
                conditions={"ArnLike": {"kms:EncryptionContext:aws:states:stateMachineArn": self._machines()}},
            )
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:GenerateDataKey"],
                resources=[self._key.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:SourceArn": logs_of_account}},
            )
        )
        self._key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="StepFunctionsLogDelivery",
                principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
                actions=["kms:Decrypt"],
                resources=["*"],
                conditions={
                    "ArnLike": {"aws:SourceArn": logs_of_account},
                    "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
                },
            )
        )

    def _machines(self) -> str:
        return Stack.of(self).format_arn(
            service="states", resource="stateMachine", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
