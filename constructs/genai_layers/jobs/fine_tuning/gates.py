"""The two functions that decide: what is trained on, and what is registered."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import PythonFunction
from genai_layers.jobs.fine_tuning.access import read_folder, write_folder
from genai_layers.jobs.fine_tuning.base_model import BaseModel
from genai_layers.jobs.fine_tuning.calls import RUNS
from genai_layers.jobs.fine_tuning.data_rules import DataRules
from genai_layers.jobs.fine_tuning.evaluation import Evaluator
from genai_layers.jobs.fine_tuning.model_card import ModelCardFacts
from genai_layers.jobs.fine_tuning.training_data import TrainingDataBucket


class Gates(Construct):
    """
    The gate of the data and the gate of the model, each with the least that it needs.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes new functions.
        training_data: What the first gate reads, and where it puts what passed.
        outputs: Bucket of the runs.
        base_model: What is listed and written down.
        rules: Limits of the data.
        evaluator: What must be reached.
        card: What people say about the model.
        log_key: Key for logs and environment.
        log_retention: How long logs are kept.
        removal_policy: What happens to the logs when the stack goes.

    Attributes:
        data: Function that checks a data set.
        model: Function that judges a model.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        training_data: TrainingDataBucket,
        outputs: s3.IBucket,
        base_model: BaseModel,
        rules: DataRules,
        evaluator: Evaluator,
        card: ModelCardFacts,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        data = PythonFunction(
            self,
            "Data",
            handler_folder="data_gate",
            description="checks what a model is to be trained on",
            key=log_key,
            log_retention=log_retention,
            environment={
                "DATA_BUCKET": training_data.bucket.bucket_name,
                "INCOMING": training_data.INCOMING,
                "APPROVED": training_data.APPROVED,
                "OUTPUT_BUCKET": outputs.bucket_name,
                "RUNS": RUNS,
                **rules.told(),
                **base_model.told(),
            },
            timeout=Duration.minutes(15),
            # Fingerprints of a million records are about 300 MB.
            memory_mib=2048,
            removal_policy=removal_policy,
        )
        training_data.admit(data.role)
        _write_report(data.role, outputs)
        base_model.grant_list(data.role)
        if rules.allowed_personal:
            resource = cast("lambda_.CfnFunction", data.function.node.default_child)
            resource.add_metadata("AllowedPersonalData", dict(rules.allowed_personal))
        model = PythonFunction(
            self,
            "Model",
            handler_folder="model_gate",
            description="judges what was trained",
            key=log_key,
            log_retention=log_retention,
            environment={**evaluator.told(), **card.told()},
            timeout=Duration.minutes(2),
            removal_policy=removal_policy,
        )
        read_folder(model.role, outputs, RUNS)
        _write_report(model.role, outputs)
        self.data: lambda_.Function = data.function
        self.model: lambda_.Function = model.function


def _write_report(role: iam.IRole, outputs: s3.IBucket) -> None:
    write_folder(role, outputs, f"{RUNS}*/*.json")
