"""CloudWatch alarms that are made of other alarms."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import arn, given
from tools.local_cloud.ministack_launcher.row import Call, Name, Row

ROWS = (
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
)
