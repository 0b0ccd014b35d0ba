"""CloudWatch alarms that are made of other alarms, alarms on metric math, and saved queries of logs."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import also, answered, arn, given, identity
from tools.local_cloud.ministack_launcher.row import Call, Name, Row

ROWS = (
    # MiniStack's alarms take one metric and no expression; moto's take both.
    Row(
        type="AWS::CloudWatch::Alarm",
        service="cloudwatch@moto",
        only_if=lambda properties: "Metrics" in properties,
        name=Name("AlarmName", 255),
        create=Call("PutMetricAlarm"),
        physical_id=given("AlarmName"),
        attributes={"Arn": arn("cloudwatch", "alarm:{AlarmName}")},
        update=Call("PutMetricAlarm"),
        replaces=frozenset({"AlarmName"}),
        delete=(Call("DeleteAlarms", lambda r: {"AlarmNames": [r.physical_id]}),),
    ),
    Row(
        type="AWS::CloudWatch::CompositeAlarm",
        service="cloudwatch",
        name=Name("AlarmName", 255),
        create=Call("PutCompositeAlarm"),
        physical_id=given("AlarmName"),
        attributes={"Arn": arn("cloudwatch", "alarm:{AlarmName}")},
        update=Call("PutCompositeAlarm"),
        replaces=frozenset({"AlarmName"}),
        delete=(Call("DeleteAlarms", lambda r: {"AlarmNames": [r.physical_id]}),),
    ),
    Row(
        type="AWS::Logs::QueryDefinition",
        service="logs",
        create=Call("PutQueryDefinition"),
        physical_id=answered("queryDefinitionId"),
        attributes={"QueryDefinitionId": answered("queryDefinitionId")},
        update=Call("PutQueryDefinition", also(queryDefinitionId=identity)),
        delete=(Call("DeleteQueryDefinition", lambda r: {"queryDefinitionId": r.physical_id}),),
    ),
)
