"""Backups and encryption of tables, which MiniStack's handlers leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.layout import REGION
from tools.local_cloud.ministack_launcher.read import is_true
from tools.local_cloud.ministack_launcher.row import Call, Resource, Supplement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _own(resource: Resource) -> Mapping[str, Any]:
    """The settings of a table, which are its own."""
    return resource.properties


def _replica(resource: Resource) -> Mapping[str, Any]:
    """The settings of a global table's replica in our region; the local cloud has no other."""
    replicas: list[Mapping[str, Any]] = resource.properties.get("Replicas", [])
    return next((replica for replica in replicas if replica.get("Region") == REGION), {})


def _settle(settings: Callable[[Resource], Mapping[str, Any]]) -> tuple[Call, ...]:
    """The calls that put backups and the key in place, read from where the type keeps them."""

    def recovery(resource: Resource) -> Mapping[str, Any]:
        wanted = settings(resource)["PointInTimeRecoverySpecification"]
        return {"TableName": resource.physical_id, "PointInTimeRecoverySpecification": wanted}

    def encryption(resource: Resource) -> Mapping[str, Any]:
        key = settings(resource).get("SSESpecification", {}).get("KMSMasterKeyId")
        wanted = {"Enabled": True, "SSEType": "KMS", **({"KMSMasterKeyId": key} if key else {})}
        return {"TableName": resource.physical_id, "SSESpecification": wanted}

    return (
        Call(
            "UpdateContinuousBackups",
            recovery,
            applies=lambda r: "PointInTimeRecoverySpecification" in settings(r),
        ),
        Call(
            "UpdateTable",
            encryption,
            applies=lambda r: is_true(r.properties.get("SSESpecification", {}).get("SSEEnabled")),
        ),
    )


SUPPLEMENTS = (
    Supplement(type="AWS::DynamoDB::Table", service="dynamodb", settle=_settle(_own)),
    Supplement(type="AWS::DynamoDB::GlobalTable", service="dynamodb", name="TableName", settle=_settle(_replica)),
)
