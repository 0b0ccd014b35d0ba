"""
What SageMaker does around an endpoint or a component, as a Lambda function: change it step by step, watch, go back.

It stands for the calls that describe and update them; models and configurations are the local cloud's own. What serves
is kept in a parameter. Each look is a step of the canary, or a batch; an alarm that is on at a step brings the old one
back.
"""

import json

import boto3

ENDPOINT, COMPONENT = "stub-endpoint", "stub-component"
STEPS = 3


def handler(event, _context):
    """Answer one of the calls."""
    ssm = boto3.client("ssm")
    is_component = "InferenceComponentName" in event
    parameter = COMPONENT if is_component else ENDPOINT
    state = json.loads(ssm.get_parameter(Name=parameter)["Parameter"]["Value"])
    asked = event.get("Specification", {}).get("ModelName") if is_component else event.get("EndpointConfigName")
    if asked is None:
        status, state = _looked(state)
    elif state["next"] is None:
        status, state = None, _begun(state, asked, event, is_component)
    else:
        raise ValueError("Cannot update what is being updated")
    ssm.put_parameter(Name=parameter, Value=json.dumps(state), Type="String", Overwrite=True)
    if is_component:
        arn = {"InferenceComponentArn": event["InferenceComponentName"]}
        described = {"InferenceComponentStatus": status, "Specification": {"ModelName": state["now"]}}
    else:
        arn = {"EndpointArn": event["EndpointName"]}
        described = {"EndpointStatus": status, "EndpointConfigName": state["now"]}
    return arn if status is None else described


def _begun(state, asked, event, is_component):
    how = event["DeploymentConfig"]
    if is_component and not 5 <= how["RollingUpdatePolicy"]["MaximumBatchSize"]["Value"] <= 50:
        raise ValueError("batches are the only way of a component, and small ones")
    alarms = [each["AlarmName"] for each in how.get("AutoRollbackConfiguration", {"Alarms": []})["Alarms"]]
    said = {name: value for name, value in event.get("Specification", {}).items() if name != "ModelName"}
    return {**state, "next": asked, "alarms": alarms, "looks": 0, "kept": said}


def _looked(state):
    if state["next"] is None:
        return "InService", state
    if _is_on(state["alarms"]):
        return "RollingBack", {**state, "next": None, "went_back": state["next"]}
    if state["looks"] < STEPS:
        return "Updating", {**state, "looks": state["looks"] + 1}
    return "InService", {**state, "now": state["next"], "next": None}


def _is_on(names):
    if not names:
        return False
    found = boto3.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    return any(each["StateValue"] == "ALARM" for each in found)
