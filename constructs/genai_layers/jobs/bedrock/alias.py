"""The name by which callers find the model that is current."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.sdk_call import sdk_call

UNSET = "none"
"""What the parameter holds until the first model is current."""


class ModelAlias(Construct):
    """
    A parameter with the ARN of the model that is current.

    The stack makes it, a job writes it. A deploy never does again: CloudFormation writes a parameter only when the
    value in the template changes, and that is fixed. Older values stay readable as versions of the parameter.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new parameter, which no model has been written to.
        description: What the model is for.

    Attributes:
        parameter: The parameter.
    """

    def __init__(self, scope: Construct, id: str, *, description: str) -> None:
        super().__init__(scope, id)
        self.parameter = ssm.StringParameter(self, "Resource", string_value=UNSET, description=description)

    @property
    def name(self) -> str:
        """Name of the parameter, for `GetParameter`."""
        return self.parameter.parameter_name

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* find out which model is current.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["ssm:GetParameter"], resource_arns=[self.parameter.parameter_arn]
        )

    def point(self, scope: Construct, id: str, model_arn: str) -> tasks.CallAwsService:
        """
        Return the step that makes a model current.

        Args:
            scope: The construct that the step belongs to.
            id: Name of the state.
            model_arn: Path of its ARN in the state.
        """
        return sdk_call(
            scope,
            id,
            service="ssm",
            operation="PutParameter",
            resources=[self.parameter.parameter_arn],
            parameters={"Name": self.name, "Value": sfn.JsonPath.string_at(model_arn), "Overwrite": True},
            result_path="$.alias",
        )
