"""The stack of a fine-tuning, deployed to the local cloud with a stub for what SageMaker does."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3
from stub_endpoint import COMPONENT, ENDPOINT
from tuned_place import STARTING, STARTING_MODEL
from tuning_stack import synthesized

from tools.local_cloud import LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.environment import certificate
from tools.local_cloud.layout import ACCOUNT, REGION

ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
CHANGES = ("describeEndpoint", "updateEndpoint", "describeInferenceComponent", "updateInferenceComponent")
STUBS = {"training": "createTrainingJob.sync", "evaluation": "createProcessingJob.sync"}


class TuningCloud:
    """
    A deployed fine-tuning.

    Args:
        cloud: Local cloud, with IAM enforced.
        account: Clients with the account's own keys.
    """

    def __init__(self, cloud: LocalCloud, account: Clients) -> None:
        self._cloud, self._account = cloud, account
        template, folder = synthesized()
        account("s3").create_bucket(Bucket=ASSETS)
        self._publish(folder)
        self.outputs = self._deploy(template)
        account("sagemaker").create_model_package_group(ModelPackageGroupName=self.outputs["Group"])
        for kind in STUBS:
            self._stub(kind, "stub_sagemaker")
        self._stub("endpoint", "stub_endpoint")
        role = self.outputs["TrainingRole"]
        account("sagemaker").create_model(
            ModelName=STARTING_MODEL, ExecutionRoleArn=role, PrimaryContainer={"Image": "base"}
        )
        variant = {"VariantName": "model", "ModelName": STARTING_MODEL, "InstanceType": "ml.m5.large"}
        account("sagemaker").create_endpoint_config(
            EndpointConfigName=STARTING,
            ProductionVariants=[{**variant, "InitialInstanceCount": 2, "InitialVariantWeight": 1}],
            KmsKeyId="key",
        )
        self.serve(STARTING)
        self.serve(STARTING_MODEL, COMPONENT)

    def serve(self, name: str, place: str = ENDPOINT) -> None:
        """Let the endpoint serve a configuration, or the component a model, as a deploy of the template would."""
        state = {"now": name, "next": None, "alarms": [], "looks": 0}
        self._account("ssm").put_parameter(Name=place, Value=json.dumps(state), Type="String", Overwrite=True)

    def served(self, place: str = ENDPOINT) -> dict[str, Any]:
        """What the endpoint or the component serves, and what is coming."""
        found = self._account("ssm").get_parameter(Name=place)["Parameter"]["Value"]
        state: dict[str, Any] = json.loads(found)
        return state

    def wait_for_change(self, place: str = ENDPOINT) -> None:
        """Wait until something new is coming in."""
        deadline = time.monotonic() + 60
        while self.served(place)["next"] is None:
            assert time.monotonic() < deadline, "no change began"
            time.sleep(0.1)

    def alarm(self, state: str) -> None:
        """Turn the alarm of the deployed model on or off."""
        name = self.outputs["Alarm"]
        self._account("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")

    def package(self) -> str:
        """Register a model that is approved."""
        made = self._account("sagemaker").create_model_package(
            ModelPackageGroupName=self.outputs["Group"], ModelApprovalStatus="Approved"
        )
        return str(made["ModelPackageArn"])

    def status(self, package: str) -> str:
        """What people think of a model."""
        found = self._account("sagemaker").describe_model_package(ModelPackageName=package)
        return str(found["ModelApprovalStatus"])

    def current(self, hand_off: str = "") -> str:
        """The model that is meant to serve."""
        return str(self._account("ssm").get_parameter(Name=self.outputs[f"{hand_off}Current"])["Parameter"]["Value"])

    def start(self, machine: str, given: object) -> str:
        """Start a state machine and return the execution."""
        states = self._account("stepfunctions")
        return str(
            states.start_execution(stateMachineArn=self.outputs[machine], input=json.dumps(given))["executionArn"]
        )

    def run(self, machine: str, given: object) -> dict[str, Any]:
        """Start a state machine and wait for its end."""
        return self.ended(self.start(machine, given))

    def started_by_approval(self, manifest: str) -> list[dict[str, Any]]:
        """Wait for the runs that the approval started by itself, and return what came of them."""
        states = self._account("stepfunctions")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            listed = states.list_executions(stateMachineArn=self.outputs["Tune"])["executions"]
            arns = [each["executionArn"] for each in listed if each["name"].startswith("approved-")]
            found = [arn for arn in arns if manifest in states.describe_execution(executionArn=arn)["input"]]
            if found:
                return [self.ended(arn) for arn in found]
            time.sleep(0.2)
        return []

    def ended(self, arn: str) -> dict[str, Any]:
        """Wait for the end of an execution."""
        states = self._account("stepfunctions")
        described: dict[str, Any]
        while (described := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            time.sleep(0.2)
        return described

    def acting_as(self, role: str) -> Any:
        """A client of S3 that signs as a role."""
        keys = self._account("sts").assume_role(RoleArn=self.outputs[role], RoleSessionName="test")["Credentials"]
        session: Any = boto3.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
            region_name=REGION,
        )
        trusted = str(certificate(self._cloud.layout))
        return session.client("s3", endpoint_url=self._cloud.endpoint, verify=trusted)

    def _publish(self, folder: Path) -> None:
        assets = json.loads((folder / "Tuning.assets.json").read_text("utf-8"))["files"]
        for asset in assets.values():
            (place,) = asset["destinations"].values()
            source = folder / asset["source"]["path"]
            content = source.read_bytes() if source.is_file() else _zipped(source)
            self._account("s3").put_object(Bucket=ASSETS, Key=place["objectKey"], Body=content)

    def _deploy(self, template: dict[str, Any]) -> dict[str, str]:
        kept = {
            name: each
            for name, each in template["Resources"].items()
            # MiniStack has no such type; the group is made by hand.
            if each["Type"] not in ("AWS::SageMaker::ModelPackageGroup", "AWS::CDK::Metadata")
        }
        text = json.dumps({"Resources": _with_sessions(kept), "Outputs": template["Outputs"]})
        # Nor has it these two tasks, or the count of redrives in the context of an execution.
        for kind, call in STUBS.items():
            text = text.replace(
                f"arn:aws:states:::sagemaker:{call}", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:stub-{kind}"
            )
        for call in CHANGES:
            text = re.sub(
                rf"arn:aws:states:::aws-sdk:sagemaker:{call}\b",
                f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:stub-endpoint",
                text,
            )
        text = re.sub(r'Seconds(\\*)":30', r'Seconds\1":1', text)
        text = text.replace("$$.Execution.RedriveCount", "0")
        self._account("s3").put_object(Bucket=ASSETS, Key="template.json", Body=text.encode())
        formation = self._account("cloudformation")
        formation.create_stack(
            StackName="tuning",
            TemplateURL=f"https://s3.{REGION}.amazonaws.com/{ASSETS}/template.json",
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        while (found := formation.describe_stacks(StackName="tuning")["Stacks"][0])["StackStatus"].endswith("PROGRESS"):
            time.sleep(0.2)
        assert found["StackStatus"] == "CREATE_COMPLETE"
        return {each["OutputKey"].removeprefix("Out"): each["OutputValue"] for each in found["Outputs"]}

    def _stub(self, kind: str, module: str) -> None:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.write(Path(__file__).with_name(f"{module}.py"), f"{module}.py")
        self._account("lambda").create_function(
            FunctionName=f"stub-{kind}",
            Runtime="python3.12",
            Role=self.outputs[f"{kind.capitalize()}Role"],
            Handler=f"{module}.handler",
            Code={"ZipFile": code.getvalue()},
            Timeout=120,
        )


def _with_sessions(value: Any) -> Any:
    """
    Compare the callers of bucket policies as MiniStack tells them.

    On AWS `aws:PrincipalArn` is the ARN of the role, whatever the session; MiniStack 1.5.33 gives that of the session.
    """
    if isinstance(value, list):
        return [_with_sessions(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = value.get("ArnNotEquals", {}).get("aws:PrincipalArn")
    if names is None:
        return {name: _with_sessions(item) for name, item in value.items()}
    roles = [each["Fn::GetAtt"][0] for each in (names if isinstance(names, list) else [names])]
    sessions = [{"Fn::Sub": f"arn:aws:sts::{ACCOUNT}:assumed-role/${{{role}}}/*"} for role in roles]
    return {"ArnNotLike": {"aws:PrincipalArn": sessions}}


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(file, file.relative_to(folder))
    return packed.getvalue()
