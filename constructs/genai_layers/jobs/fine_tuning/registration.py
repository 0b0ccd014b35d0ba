"""The entry in the model registry: the model, its card, its lineage, and who has to look at it."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack

from genai_layers.jobs.fine_tuning.serving import Serving


def registration(group_name: str, serving: Serving, stack: Stack) -> dict[str, Any]:
    """
    Return the arguments of CreateModelPackage.

    Args:
        group_name: Model package group.
        serving: Container that it is meant to be served by.
        stack: Stack that it belongs to.
    """
    return {
        "ModelPackageGroupName": group_name,
        "ModelPackageDescription.$": "States.Format('run {}', $.run)",
        # One package for an execution, however often the call is made.
        "ClientToken.$": "States.Hash($$.Execution.Id, 'MD5')",
        "InferenceSpecification": serving.specification(stack, "$.judged.artifacts_uri"),
        "ModelApprovalStatus.$": "$.judged.approval",
        "ModelCard": {"ModelCardContent.$": "$.judged.card", "ModelCardStatus": "PendingReview"},
        "ModelMetrics": {
            "ModelQuality": {
                "Statistics": {
                    "ContentType": "application/json",
                    "ContentDigest.$": "States.Format('sha256:{}', $.judged.evaluation_sha256)",
                    "S3Uri.$": "$.judged.evaluation_uri",
                }
            },
            "ModelDataQuality": {"Statistics": {"ContentType": "application/json", "S3Uri.$": "$.data.report_uri"}},
        },
        "CustomerMetadataProperties": {
            "run.$": "$.run",
            "training_job.$": "$.training.job",
            "data_sha256.$": "$.data.data_sha256",
            "base_model_sha256.$": "$.data.base_model_sha256",
            "artifacts_sha256.$": "$.judged.artifacts_sha256",
        },
    }
