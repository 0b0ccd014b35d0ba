"""Trails, budgets and composite alarms against the running emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tools.local_cloud.inventory import everything
from tools.local_cloud.layout import ACCOUNT

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator


def trail(*, validated: bool, logging: bool = True) -> dict[str, Any]:
    """A trail with data events into a bucket."""
    return {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "Properties": {
                "S3BucketName": {"Ref": "Bucket"},
                "IsLogging": logging,
                "IsMultiRegionTrail": True,
                "IncludeGlobalServiceEvents": True,
                "EnableLogFileValidation": validated,
                "EventSelectors": [
                    {
                        "ReadWriteType": "All",
                        "IncludeManagementEvents": True,
                        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::rows/"]}],
                    }
                ],
            },
        },
    }


TRAIL_OUTPUTS = {"Name": {"Ref": "Trail"}, "Arn": {"Fn::GetAtt": ["Trail", "Arn"]}}


def test_a_trail_logs_what_the_template_selects(stack: HandmadeStack, clients: Clients) -> None:
    """The trail runs, is validated and records data events, all in calls of their own."""
    made = stack.deploy(trail(validated=True), TRAIL_OUTPUTS)

    cloudtrail = clients("cloudtrail")
    assert cloudtrail.get_trail_status(Name=made["Name"])["IsLogging"]
    assert cloudtrail.get_trail(Name=made["Name"])["Trail"]["LogFileValidationEnabled"]
    selected = cloudtrail.get_event_selectors(TrailName=made["Name"])["EventSelectors"]
    assert selected[0]["DataResources"][0]["Values"] == ["arn:aws:s3:::rows/"]
    assert made["Arn"].endswith(f":trail/{made['Name']}")


def test_a_trail_is_changed_in_place(stack: HandmadeStack, clients: Clients) -> None:
    """Switching logging off and on again keeps the trail."""
    first = stack.deploy(trail(validated=False), TRAIL_OUTPUTS)

    second = stack.deploy(trail(validated=True, logging=False), TRAIL_OUTPUTS)

    status = clients("cloudtrail").get_trail_status(Name=first["Name"])
    assert (first, status["IsLogging"]) == (second, False)


def test_a_deleted_trail_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """No trail is left."""
    before = everything(clients)
    stack.deploy(trail(validated=True), TRAIL_OUTPUTS)
    kinds = {thing.kind for thing in everything(clients) - before}

    stack.delete()

    assert "trail" in kinds
    assert everything(clients) == before


def budget(usd: int) -> dict[str, Any]:
    """A monthly budget that tells an address."""
    return {
        "Budget": {
            "Type": "AWS::Budgets::Budget",
            "Properties": {
                "Budget": {
                    "BudgetType": "COST",
                    "TimeUnit": "MONTHLY",
                    "BudgetLimit": {"Amount": usd, "Unit": "USD"},
                },
                "NotificationsWithSubscribers": [
                    {
                        "Notification": {
                            "NotificationType": "ACTUAL",
                            "ComparisonOperator": "GREATER_THAN",
                            "Threshold": 80,
                        },
                        "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "ops@example.com"}],
                    }
                ],
            },
        }
    }


def test_a_budget_gets_a_name_and_keeps_it(stack: HandmadeStack, clients: Clients) -> None:
    """A template without a name gets one, and a higher limit changes that same budget."""
    name = stack.deploy(budget(100), {"Name": {"Ref": "Budget"}})["Name"]

    again = stack.deploy(budget(250), {"Name": {"Ref": "Budget"}})["Name"]

    stored = clients("budgets").describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]
    assert (name, float(stored["BudgetLimit"]["Amount"])) == (again, 250.0)


def test_a_deleted_budget_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """The budget goes with the stack."""
    name = stack.deploy(budget(100), {"Name": {"Ref": "Budget"}})["Name"]

    stack.delete()

    with pytest.raises(ClientError, match="NotFound"):
        clients("budgets").describe_budget(AccountId=ACCOUNT, BudgetName=name)


def alarms(rule: str) -> dict[str, Any]:
    """An alarm on another alarm."""
    return {
        "Errors": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "rows-errors",
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationPeriods": 1,
                "MetricName": "Errors",
                "Namespace": "AWS/Lambda",
                "Period": 60,
                "Statistic": "Sum",
                "Threshold": 1,
            },
        },
        "All": {
            "Type": "AWS::CloudWatch::CompositeAlarm",
            "DependsOn": "Errors",
            "Properties": {"AlarmRule": rule, "ActionsEnabled": True},
        },
    }


def test_a_composite_alarm_is_changed_in_place_and_deleted(stack: HandmadeStack, clients: Clients) -> None:
    """A new rule keeps the alarm's name; the stack takes the alarm along."""
    cloudwatch = clients("cloudwatch")
    name = stack.deploy(alarms('ALARM("rows-errors")'), {"Name": {"Ref": "All"}})["Name"]
    again = stack.deploy(alarms('OK("rows-errors")'), {"Name": {"Ref": "All"}})["Name"]
    during = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]

    stack.delete()

    assert (name, [alarm["AlarmRule"] for alarm in during]) == (again, ['OK("rows-errors")'])
    assert cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_a_saved_query_is_kept_changed_in_place_and_goes(stack: HandmadeStack, clients: Clients) -> None:
    """Under the same id, and a deletion leaves nothing."""

    def query(text: str) -> dict[str, Any]:
        given = {"Name": "folder/users", "QueryString": text, "LogGroupNames": ["/chat"]}
        return {"Query": {"Type": "AWS::Logs::QueryDefinition", "Properties": given}}

    def saved() -> list[dict[str, Any]]:
        return list(clients("logs").describe_query_definitions(queryDefinitionNamePrefix="folder")["queryDefinitions"])

    before = stack.deploy(query("fields user"), {"Id": {"Ref": "Query"}})
    after = stack.deploy(query("fields tenant"), {"Id": {"Ref": "Query"}})

    assert [(one["queryDefinitionId"], one["queryString"]) for one in saved()] == [(before["Id"], "fields tenant")]
    assert after == before
    stack.delete()
    assert saved() == []
