"""
The steps of a receipt.

    Receive -> Is it the one? -> Register -> Registered
                    | no
                    v
              Receipt refused
"""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.retries import call_retries, lambda_retries

RECEIPT_REFUSED = "ReceiptRefused"
"""Error of an execution; the cause is the reasons."""

_ANSWER = ("passed", "reasons", "specification", "card", "properties")


def steps(scope: Construct, function: lambda_.IFunction, group_name: str) -> sfn.IChainable:
    """
    Return the definition.

    Args:
        scope: The construct that the steps belong to.
        function: What copies and compares.
        group_name: Model package group of this account.
    """
    partition = Stack.of(scope).partition
    receive = sfn.CustomState(
        scope,
        "Receive",
        state_json={
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::lambda:invoke",
            "Parameters": {
                "FunctionName": function.function_arn,
                "Payload": {"model_package.$": "$.detail.ModelPackageArn"},
            },
            "ResultSelector": {f"{name}.$": f"$.Payload.{name}" for name in _ANSWER},
            "ResultPath": "$.received",
            "Retry": lambda_retries(),
        },
    )
    register = sfn.CustomState(
        scope,
        "Register",
        state_json={
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::aws-sdk:sagemaker:createModelPackage",
            "Parameters": {
                "ModelPackageGroupName": group_name,
                "ModelPackageDescription.$": "States.Format('from {}', $.detail.ModelPackageArn)",
                # One entry for a model of the other account, however often its event comes.
                "ClientToken.$": "States.Hash($.detail.ModelPackageArn, 'MD5')",
                "InferenceSpecification.$": "$.received.specification",
                "ModelApprovalStatus": "PendingManualApproval",
                "ModelCard": {"ModelCardContent.$": "$.received.card", "ModelCardStatus": "PendingReview"},
                "CustomerMetadataProperties.$": "$.received.properties",
            },
            "ResultPath": "$.registered",
            "Retry": call_retries(),
        },
    )
    refused = sfn.Fail(
        scope,
        "Receipt refused",
        error=RECEIPT_REFUSED,
        cause_path=sfn.JsonPath.json_to_string(sfn.JsonPath.object_at("$.received.reasons")),
    )
    passed = (
        sfn.Choice(scope, "Is it the one?")
        .when(
            sfn.Condition.boolean_equals("$.received.passed", True),
            register.next(sfn.Succeed(scope, "Registered")),
        )
        .otherwise(refused)
    )
    return receive.next(passed)
