"""
The steps of a fine-tuning, as Step Functions runs them.

    Name the run -> Check the data -> Train -> Evaluate -> Judge -> Register -> Registered
                          | refused                          | not good enough
                          v                                  v
                    Data refused                       Model refused

Jobs are not resources: none of this runs because a template changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.fine_tuning.calls import RUNS
from genai_layers.jobs.fine_tuning.evaluation import JobKind
from genai_layers.jobs.retries import call_retries, job_retries, lambda_retries

DATA_REFUSED = "DataRefused"
MODEL_REFUSED = "ModelRefused"
"""Errors of an execution; the cause is the verdict, with its reasons and the address of its report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """
    What the steps are made of.

    Attributes:
        data_gate: Function that checks the data.
        model_gate: Function that judges the model.
        training: Arguments of the training job.
        evaluation: Arguments of the evaluation job.
        evaluation_kind: What the evaluation runs as.
        registration: Arguments of the registration.
        output_bucket: Name of the bucket of the runs.
        base_identity: What the base model is called.
        method: What the method is called.
    """

    data_gate: lambda_.IFunction
    model_gate: lambda_.IFunction
    training: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    evaluation_kind: JobKind
    registration: Mapping[str, Any]
    output_bucket: str
    base_identity: str
    method: str


def steps(scope: Construct, parts: Parts) -> sfn.IChainable:
    """
    Return the definition.

    Args:
        scope: The construct that the steps belong to.
        parts: What they are made of.
    """
    name = sfn.Pass(
        scope,
        "Name the run",
        parameters={"run.$": "States.Hash($$.Execution.Id, 'SHA-1')", "manifest.$": "$.manifest"},
    )
    asked = {"run.$": "$.run", "manifest.$": "$.manifest"}
    check = _invoke(scope, "Check the data", parts.data_gate, asked, _CHECKED, "$.data")
    train = _job(scope, "Train", "createTrainingJob.sync", parts.training, _TUNED, "$.training")
    measured = "createProcessingJob.sync" if parts.evaluation_kind is JobKind.PROCESSING else "createTrainingJob.sync"
    selected = _MEASURED if parts.evaluation_kind is JobKind.PROCESSING else _TUNED
    evaluate = _job(scope, "Evaluate", measured, parts.evaluation, selected, "$.evaluation")
    judge = _invoke(scope, "Judge the model", parts.model_gate, _judgement(parts), _JUDGED, "$.judged")
    register = _task(
        scope,
        "Register",
        "aws-sdk:sagemaker:createModelPackage",
        {
            "Parameters": parts.registration,
            "ResultSelector": {"model_package.$": "$.ModelPackageArn"},
            "ResultPath": "$.registered",
            "Retry": call_retries(),
        },
    )
    good = (
        sfn.Choice(scope, "Good enough?")
        .when(
            sfn.Condition.boolean_equals("$.judged.passed", True),
            register.next(sfn.Succeed(scope, "Registered", output_path="$.registered")),
        )
        .otherwise(_failure(scope, "Model refused", MODEL_REFUSED, "$.judged.reasons"))
    )
    train.next(evaluate).next(judge).next(good)
    passed = (
        sfn.Choice(scope, "May be trained on?")
        .when(sfn.Condition.boolean_equals("$.data.passed", True), train)
        .otherwise(_failure(scope, "Data refused", DATA_REFUSED, "$.data"))
    )
    return name.next(check).next(passed)


_CHECKED = (
    "passed",
    "reasons",
    "report_uri",
    "data_sha256",
    "base_model_sha256",
    "records",
)
_JUDGED = (
    "passed",
    "reasons",
    "approval",
    "card",
    "evaluation_sha256",
    "evaluation_uri",
    "artifacts_sha256",
    "artifacts_uri",
)
_TUNED = {"job.$": "$.TrainingJobName", "artifacts.$": "$.ModelArtifacts.S3ModelArtifacts"}
_MEASURED = {
    "job.$": "$.ProcessingJobName",
    "artifacts.$": "$.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri",
}


def _judgement(parts: Parts) -> dict[str, Any]:
    return {
        "run.$": "$.run",
        "bucket": parts.output_bucket,
        "folder.$": f"States.Format('{RUNS}{{}}/', $.run)",
        "evaluation_folder.$": "$.evaluation.artifacts",
        "artifacts.$": "$.training.artifacts",
        "records.$": "$.data.records.held_out",
        "lineage": {
            "data_sha256.$": "$.data.data_sha256",
            "report_uri.$": "$.data.report_uri",
            "base_model": parts.base_identity,
            "base_model_sha256.$": "$.data.base_model_sha256",
            "method": parts.method,
            "training_job.$": "$.training.job",
        },
    }


def _invoke(
    scope: Construct,
    id: str,
    function: lambda_.IFunction,
    payload: Mapping[str, Any],
    answer: Sequence[str],
    result_path: str,
) -> sfn.CustomState:
    return _task(
        scope,
        id,
        "lambda:invoke",
        {
            "Parameters": {"FunctionName": function.function_arn, "Payload": payload},
            "ResultSelector": {f"{name}.$": f"$.Payload.{name}" for name in answer},
            "ResultPath": result_path,
            "Retry": lambda_retries(),
        },
    )


def _job(
    scope: Construct, id: str, call: str, arguments: Mapping[str, Any], selected: Mapping[str, str], result_path: str
) -> sfn.CustomState:
    return _task(
        scope,
        id,
        f"sagemaker:{call}",
        {
            "Parameters": arguments,
            "ResultSelector": selected,
            "ResultPath": result_path,
            "Retry": job_retries(),
        },
    )


def _task(scope: Construct, id: str, call: str, state: Mapping[str, Any]) -> sfn.CustomState:
    resource = f"arn:{Stack.of(scope).partition}:states:::{call}"
    return sfn.CustomState(scope, id, state_json={"Type": "Task", "Resource": resource, **state})


def _failure(scope: Construct, id: str, error: str, path: str) -> sfn.Fail:
    return sfn.Fail(scope, id, error=error, cause_path=sfn.JsonPath.json_to_string(sfn.JsonPath.object_at(path)))
