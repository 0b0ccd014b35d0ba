"""
What SageMaker does around an endpoint, as a Lambda function: move traffic step by step, watch alarms, and go back.

It stands for `describeEndpoint` and `updateEndpoint`; models and configurations are the local cloud's own. What serves
is kept in a parameter. Each look is a step of the canary; an alarm that is on at a step brings the old one back.
"""

import json

import boto3

PARAMETER = "stub-endpoint"
STEPS = 3


def handler(event, _context):
    """Answer one of the two calls."""
    ssm = boto3.client("ssm")
    state = json.loads(ssm.get_parameter(Name=PARAMETER)["Parameter"]["Value"])
    if "EndpointConfigName" in event:
        if state["next"] is not None:
            raise ValueError("Cannot update in-progress endpoint")
        rollback = event["DeploymentConfig"].get("AutoRollbackConfiguration", {"Alarms": []})
        alarms = [each["AlarmName"] for each in rollback["Alarms"]]
        _keep(ssm, {**state, "next": event["EndpointConfigName"], "alarms": alarms, "looks": 0})
        return {"EndpointArn": "arn:aws:sagemaker:us-east-1:000000000000:endpoint/stub"}
    if state["next"] is None:
        return {"EndpointStatus": "InService", "EndpointConfigName": state["now"]}
    if _is_on(state["alarms"]):
        _keep(ssm, {**state, "next": None, "went_back": state["next"]})
        return {"EndpointStatus": "RollingBack", "EndpointConfigName": state["now"]}
    if state["looks"] < STEPS:
        _keep(ssm, {**state, "looks": state["looks"] + 1})
        return {"EndpointStatus": "Updating", "EndpointConfigName": state["now"]}
    _keep(ssm, {**state, "now": state["next"], "next": None})
    return {"EndpointStatus": "InService", "EndpointConfigName": state["next"]}


def _is_on(names):
    if not names:
        return False
    found = boto3.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    return any(each["StateValue"] == "ALARM" for each in found)


def _keep(ssm, state):
    ssm.put_parameter(Name=PARAMETER, Value=json.dumps(state), Type="String", Overwrite=True)
