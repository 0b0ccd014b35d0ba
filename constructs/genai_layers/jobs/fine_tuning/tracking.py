"""Where the metrics of runs are kept side by side."""

from __future__ import annotations

from typing import Any

from aws_cdk import Aws, Names
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.jobs.fine_tuning.access import read_folder, write_folder

_FOLDER = "mlflow/"


class MlflowTracking(Construct):
    """
    An MLflow application of SageMaker, to which training jobs report.

    SageMaker carries the metrics, so the training container stays without a network. An application costs nothing but
    the artifacts in its bucket, unlike a tracking server, which is paid by the hour.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new application without the old runs.
        bucket: Bucket of the artifacts, which go below `mlflow/`.

    Attributes:
        arn: ARN of the application.

    Example:
        FineTuningPipeline(self, "Tuning", tracking=MlflowTracking(self, "Mlflow", bucket=artifacts.bucket), ...)
    """

    def __init__(self, scope: Construct, id: str, *, bucket: s3.IBucket) -> None:
        super().__init__(scope, id)
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
            description="keeps the artifacts of MLflow",
        )
        read_folder(role, bucket, _FOLDER)
        write_folder(role, bucket, _FOLDER)
        # The API demands a name; a generated one lets two of them stand side by side.
        application = sagemaker.CfnMlflowApp(
            self,
            "Resource",
            name=Names.unique_resource_name(self, max_length=60, separator="-"),
            artifact_store_uri=f"s3://{bucket.bucket_name}/{_FOLDER}",
            role_arn=role.role_arn,
            model_registration_mode="AutoModelRegistrationDisabled",
        )
        application.node.add_dependency(role)
        self.arn = application.attr_arn

    def config(self, experiment: str, run: str) -> dict[str, Any]:
        """
        Return the part of a training job that is about tracking.

        Args:
            experiment: Experiment that the runs belong to.
            run: Expression for the name of a run.
        """
        return {
            "MlflowConfig": {
                "MlflowResourceArn": self.arn,
                "MlflowExperimentName": experiment,
                "MlflowRunName.$": run,
            }
        }

    def grant_report(self, role: iam.IRole) -> None:
        """
        Let the role of a job report its metrics.

        Args:
            role: Role of the job.
        """
        role.add_to_principal_policy(iam.PolicyStatement(actions=["sagemaker:CallMlflowAppApi"], resources=[self.arn]))
