"""The events that tell of an approval in the model registry."""

from __future__ import annotations

from typing import Any

# Developer guide, "Events that SageMaker AI sends to EventBridge": any change of an approved package tells its status
# again, and this field what has changed. A package that is registered as approved has no such field.
_APPROVED_NOW = ["ModelApprovalStatus", {"exists": False}]


def approvals(group_name: str) -> dict[str, Any]:
    """
    Return the pattern of events about models of a group that become approved.

    Another change of a model that was approved long ago is none: it would make that model the current one again.

    Args:
        group_name: Model package group.
    """
    return {
        "source": ["aws.sagemaker"],
        "detail_type": ["SageMaker Model Package State Change"],
        "detail": {
            "ModelPackageGroupName": [group_name],
            "ModelApprovalStatus": ["Approved"],
            "UpdatedModelPackageFields": _APPROVED_NOW,
        },
    }
