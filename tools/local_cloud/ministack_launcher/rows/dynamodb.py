"""Backups and encryption of global tables, which MiniStack's handler leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.layout import REGION
from tools.local_cloud.ministack_launcher.read import is_true
from tools.local_cloud.ministack_launcher.row import Call, Resource, Supplement

if TYPE_CHECKING:
    from collections.abc import Mapping


def _replica(resource: Resource) -> Mapping[str, Any]:
    """The replica in our region; a global table of the local cloud has no other."""
    replicas: list[Mapping[str, Any]] = resource.properties.get("Replicas", [])
    return next((replica for replica in replicas if replica.get("Region") == REGION), {})


def _recovery(resource: Resource) -> Mapping[str, Any]:
    wanted = _replica(resource).get("PointInTimeRecoverySpecification", {})
    return {
        "TableName": resource.physical_id,
        "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": wanted.get("PointInTimeRecoveryEnabled", False),
            **{k: v for k, v in wanted.items() if k == "RecoveryPeriodInDays"},
        },
    }


def _encryption(resource: Resource) -> Mapping[str, Any]:
    key = _replica(resource).get("SSESpecification", {}).get("KMSMasterKeyId")
    return {
        "TableName": resource.physical_id,
        "SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    }


SUPPLEMENTS = (
    Supplement(
        type="AWS::DynamoDB::GlobalTable",
        service="dynamodb",
        name="TableName",
        settle=(
            Call(
                "UpdateContinuousBackups",
                _recovery,
                applies=lambda r: "PointInTimeRecoverySpecification" in _replica(r),
            ),
            Call(
                "UpdateTable",
                _encryption,
                applies=lambda r: is_true(r.properties.get("SSESpecification", {}).get("SSEEnabled")),
            ),
        ),
    ),
)
