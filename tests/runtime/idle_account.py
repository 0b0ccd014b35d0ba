"""An account with endpoints, components and notebooks, as its services answer the check for idle ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from genai_layers.runtime.idle_endpoints.handler import Clients, check
from genai_layers.runtime.idle_endpoints.settings import Settings

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
OLD = NOW - timedelta(days=100)
YOUNG = NOW - timedelta(days=2)
TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms"
ARN = "arn:aws:sagemaker:us-east-1:111122223333"
DIMENSION = "sagemaker:inference-component:DesiredCopyCount"
SERVICES = ("sagemaker", "cloudwatch", "cloudtrail", "application-autoscaling", "sns")


def settings(**changed: Any) -> Settings:
    """Return settings of a dry run over two weeks."""
    given = {
        "name": "check",
        "topic": TOPIC,
        "days": 14,
        "usd_per_hour": {"ml.g5.xlarge": 1.5},
        "notebook_usd_per_hour": {},
        "has_components": True,
        "scales_in": False,
    }
    return Settings(**{**given, **changed})


def endpoint(
    name: str, *, created: datetime = OLD, count: int = 1, machine: str = "ml.g5.xlarge", **more: Any
) -> dict[str, Any]:
    """Return what SageMaker says of an endpoint; `machine` stands in its configuration only."""
    return {
        "EndpointName": name,
        "EndpointArn": f"{ARN}:endpoint/{name}",
        "EndpointConfigName": machine,
        "EndpointStatus": "InService",
        "ProductionVariants": [{"VariantName": "models", "CurrentInstanceCount": count}],
        "CreationTime": created,
        "LastModifiedTime": created,
        **more,
    }


def component(
    name: str, on: str, *, copies: int = 1, created: datetime = OLD, base: str | None = None
) -> dict[str, Any]:
    """Return what SageMaker says of an inference component."""
    return {
        "InferenceComponentName": name,
        "InferenceComponentArn": f"{ARN}:inference-component/{name}",
        "EndpointName": on,
        "EndpointArn": f"{ARN}:endpoint/{on}",
        "CreationTime": created,
        "LastModifiedTime": created,
        "Specification": {"BaseInferenceComponentName": base} if base else {"ModelName": "model"},
        "RuntimeConfig": {"DesiredCopyCount": copies, "CurrentCopyCount": copies},
    }


def notebook(name: str, *, since: datetime = OLD) -> dict[str, Any]:
    """Return what SageMaker says of a notebook instance."""
    return {
        "NotebookInstanceName": name,
        "NotebookInstanceArn": f"{ARN}:notebook-instance/{name}",
        "InstanceType": "ml.t3.medium",
        "LastModifiedTime": since,
    }


class Account:
    """Real clients whose answers are set beforehand: a request that the service would refuse fails here too."""

    def __init__(self) -> None:
        self.clients = {
            name: boto3.client(name, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
            for name in SERVICES
        }
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        self.told: dict[str, Any] = {}
        self.clients["sns"].meta.events.register("provide-client-params.sns.Publish", self._listen)

    def has(
        self,
        *,
        endpoints: Sequence[Mapping[str, Any]] = (),
        components: Sequence[Mapping[str, Any]] = (),
        notebooks: Sequence[Mapping[str, Any]] = (),
        used: Sequence[str] = (),
        opened: Sequence[str] = (),
    ) -> None:
        """Answer that these run, and that something asked for those whose names are in *used*."""
        ask = self.stubs["sagemaker"].add_response
        in_service = {"StatusEquals": "InService"}
        keys = ("EndpointName", "EndpointArn", "EndpointStatus", "CreationTime", "LastModifiedTime")
        ask("list_endpoints", {"Endpoints": [{key: each[key] for key in keys} for each in endpoints]}, in_service)
        for each in endpoints:
            ask("describe_endpoint", dict(each), {"EndpointName": each["EndpointName"]})
            self._config(each)
        keys = ("InferenceComponentName", "InferenceComponentArn", "EndpointName", "EndpointArn")
        listed = [
            {**{key: each[key] for key in keys}, "VariantName": "models", "CreationTime": OLD, "LastModifiedTime": OLD}
            for each in components
        ]
        ask("list_inference_components", {"InferenceComponents": listed}, in_service)
        for each in components:
            name = {"InferenceComponentName": each["InferenceComponentName"]}
            ask("describe_inference_component", dict(each), name)
        ask("list_notebook_instances", {"NotebookInstances": [dict(each) for each in notebooks]}, in_service)
        if notebooks:
            self._opened(opened)
        if endpoints or components:
            self._measured(endpoints, components, used)

    def scales(self, name: str, *, least: int = 0, wakes: bool = True, **more: Any) -> None:
        """Answer how a component is scaled."""
        resource = f"inference-component/{name}"
        target = {
            "ServiceNamespace": "sagemaker",
            "ResourceId": resource,
            "ScalableDimension": DIMENSION,
            "MinCapacity": least,
            "MaxCapacity": 4,
            "RoleARN": "arn:aws:iam::111122223333:role/scaling",
            "CreationTime": OLD,
            **more,
        }
        answer = self.stubs["application-autoscaling"].add_response
        asked = {"ServiceNamespace": "sagemaker", "ResourceIds": [resource], "ScalableDimension": DIMENSION}
        answer("describe_scalable_targets", {"ScalableTargets": [target]}, asked)
        if least == 0 and not more:
            step = {
                "PolicyARN": "arn",
                "PolicyName": "wake-up",
                "ServiceNamespace": "sagemaker",
                "ResourceId": resource,
                "ScalableDimension": DIMENSION,
                "PolicyType": "StepScaling",
                "CreationTime": OLD,
                "Alarms": [{"AlarmName": "asked", "AlarmARN": "arn"}] if wakes else [],
            }
            asked = {"ServiceNamespace": "sagemaker", "ResourceId": resource, "ScalableDimension": DIMENSION}
            answer("describe_scaling_policies", {"ScalingPolicies": [step]}, asked)

    def listens(self) -> None:
        """Answer one message to the topic."""
        asked = {"TopicArn": TOPIC, "Subject": ANY, "Message": ANY}
        self.stubs["sns"].add_response("publish", {"MessageId": "1"}, asked)

    def look(self, **changed: Any) -> dict[str, Any]:
        """Run the check; every answer must have been asked for."""
        with ExitStack() as stack:
            for stub in self.stubs.values():
                stack.enter_context(stub)
            names = ("sagemaker", "cloudwatch", "cloudtrail", "autoscaling", "sns")
            clients = Clients(**dict(zip(names, self.clients.values(), strict=True)))
            answer = check(settings(**changed), clients, NOW)
            for stub in self.stubs.values():
                stub.assert_no_pending_responses()
        return answer

    def _listen(self, params: dict[str, Any], **_: Any) -> None:
        self.told = dict(params)

    def _config(self, each: Mapping[str, Any]) -> None:
        machine = each["EndpointConfigName"]
        variant = {"VariantName": "models", "InitialInstanceCount": 1, "ModelName": "model"}
        config = {
            "EndpointConfigName": machine,
            "EndpointConfigArn": f"{ARN}:endpoint-config/config",
            "ProductionVariants": [{**variant, **({"InstanceType": machine} if machine.startswith("ml.") else {})}],
            "CreationTime": OLD,
        }
        self.stubs["sagemaker"].add_response("describe_endpoint_config", config, {"EndpointConfigName": machine})

    def _opened(self, names: Sequence[str]) -> None:
        events = [
            {"CloudTrailEvent": json.dumps({"requestParameters": {"notebookInstanceName": name}})} for name in names
        ]
        asked = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "CreatePresignedNotebookInstanceUrl"}],
            "StartTime": NOW - timedelta(days=14),
            "EndTime": NOW,
        }
        self.stubs["cloudtrail"].add_response("lookup_events", {"Events": events}, asked)

    def _measured(
        self, endpoints: Sequence[Mapping[str, Any]], components: Sequence[Mapping[str, Any]], used: Sequence[str]
    ) -> None:
        named: list[str] = []
        for each in endpoints:
            named += [each["EndpointName"]] * (len(each["ProductionVariants"]) + ("AsyncInferenceConfig" in each))
        for each in components:
            named += [each["InferenceComponentName"]] * 2
        results = [
            {"Id": f"m{index}", "StatusCode": "Complete", "Values": [3.0] if name in used else []}
            for index, name in enumerate(named)
        ]
        asked = {"MetricDataQueries": ANY, "StartTime": NOW - timedelta(days=14), "EndTime": NOW}
        self.stubs["cloudwatch"].add_response("get_metric_data", {"MetricDataResults": results}, asked)
