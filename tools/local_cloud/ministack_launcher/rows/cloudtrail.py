"""CloudTrail trails."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import arn, given, is_true
from tools.local_cloud.ministack_launcher.row import Call, Name, Resource, Row

_APART = frozenset({"IsLogging", "EventSelectors", "AdvancedEventSelectors", "InsightSelectors", "Tags", "TrailName"})


def _selectors(resource: Resource) -> dict[str, object]:
    chosen = {
        name: resource.properties[name]
        for name in ("EventSelectors", "AdvancedEventSelectors")
        if resource.properties.get(name)
    }
    return {"TrailName": resource.properties["TrailName"], **chosen}


ROWS = (
    Row(
        type="AWS::CloudTrail::Trail",
        service="cloudtrail",
        name=Name("TrailName", 128),
        create=Call(
            "CreateTrail",
            lambda r: {**r.properties, "Name": r.properties["TrailName"], "TagsList": r.properties.get("Tags")},
        ),
        physical_id=given("TrailName"),
        attributes={
            "Arn": arn("cloudtrail", "trail/{TrailName}"),
            "SnsTopicArn": lambda r: r.response.get("SnsTopicARN", ""),
        },
        update=Call("UpdateTrail", lambda r: {**r.properties, "Name": r.physical_id}),
        settle=(
            Call("PutEventSelectors", _selectors, applies=lambda r: len(_selectors(r)) > 1),
            Call(
                "PutInsightSelectors",
                lambda r: {
                    "TrailName": r.properties["TrailName"],
                    "InsightSelectors": r.properties["InsightSelectors"],
                },
                applies=lambda r: bool(r.properties.get("InsightSelectors")),
            ),
            Call(
                "StartLogging",
                lambda r: {"Name": r.properties["TrailName"]},
                applies=lambda r: is_true(r.properties["IsLogging"]),
            ),
            Call(
                "StopLogging",
                lambda r: {"Name": r.properties["TrailName"]},
                applies=lambda r: not is_true(r.properties["IsLogging"]),
            ),
        ),
        replaces=frozenset({"TrailName"}),
        delete=(Call("DeleteTrail", lambda r: {"Name": r.physical_id}),),
        consumed=_APART,
    ),
)
