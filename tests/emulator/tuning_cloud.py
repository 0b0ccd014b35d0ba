"""The stack of a fine-tuning, deployed to the local cloud with a stub for what SageMaker does."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import boto3
from aws_cdk import Duration
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, SecureBucket
from genai_layers.jobs.fine_tuning import (
    BaseModel,
    DataRules,
    Evaluator,
    FineTuningPipeline,
    JobContainer,
    JobImage,
    Machines,
    ModelCardFacts,
    Risk,
    Standard,
    TrainingDataBucket,
    TuningMethod,
)
from tools.local_cloud import LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.environment import certificate
from tools.local_cloud.layout import ACCOUNT, REGION

EXAMPLE = Path(__file__).parents[2] / "examples" / "fine_tuning"
PACKAGE = Path(__file__).parents[2] / "constructs" / "genai_layers"
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
STUBS = {"training": "createTrainingJob.sync", "evaluation": "createProcessingJob.sync"}


def synthesized() -> tuple[dict[str, Any], Path]:
    """Template of the example's parts in the account of the local cloud, and the folder with its assets."""
    app = testing.app()
    stack = cdk.Stack(app, "Tuning", env=cdk.Environment(account=ACCOUNT, region=REGION))
    key = EncryptionKey(stack, "Key", description="data", uses=FineTuningPipeline.REQUIRED_KEY_USES).key
    log_key = EncryptionKey(stack, "LogKey", description="logs", uses=FineTuningPipeline.REQUIRED_LOG_KEY_USES).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    weights = SecureBucket(stack, "Weights", key=key, access_logs=access_logs).bucket
    feed, reviewer = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("Feed", "Reviewer"))
    data = TrainingDataBucket(
        stack,
        "Data",
        key=key,
        access_logs=access_logs,
        ingest=[feed],
        approvers=[reviewer],
        unlocked_reason="the local cloud forgets everything when it stops",
    )
    network = cdk.aws_ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["us-east-1a"], isolated_subnet_ids=["subnet-1"]
    )
    pipeline = FineTuningPipeline(
        stack,
        "Tuning",
        key=key,
        log_key=log_key,
        access_logs=access_logs,
        base_model=BaseModel.in_bucket(weights, "word-counts", identity="word counts, version 1"),
        training_data=data,
        data_rules=DataRules(min_train_records=30, min_held_out_records=9),
        vpc=network,
        trainer=JobContainer(image=JobImage.cpu(), code=str(EXAMPLE / "trainer")),
        machines=Machines.on_demand("ml.m7i.large", max_runtime=Duration.hours(1)),
        method=TuningMethod.full(epochs=2),
        evaluator=Evaluator.processing(
            JobContainer(image=JobImage.cpu(), code=str(EXAMPLE / "evaluator")),
            "ml.m5.large",
            standards=[Standard(metric="accuracy", least=0.8)],
        ),
        card=ModelCardFacts(creator="c", purpose="p", uses="u", limits="l", risk=Risk.LOW, risk_reason="r"),
    )
    for name, value in (
        ("Data", data.bucket.bucket_name),
        ("Weights", weights.bucket_name),
        ("Runs", pipeline.outputs.bucket_name),
        ("Tune", pipeline.state_machine.state_machine_arn),
        ("Promote", pipeline.hand_off.promotion.state_machine_arn),
        ("RollBack", pipeline.hand_off.rollback.state_machine_arn),
        ("Current", pipeline.hand_off.current.parameter_name),
        ("FeedRole", feed.role_arn),
        ("ReviewerRole", reviewer.role_arn),
        ("TrainingRole", pipeline.training_role.role_arn),
        ("EvaluationRole", pipeline.evaluation_role.role_arn),
        ("Group", pipeline.group.model_package_group_name),
    ):
        cdk.CfnOutput(stack, f"Out{name}", value=value)
    return testing.template(stack), Path(app.outdir)


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
            self._stub(kind)

    def run(self, machine: str, given: object) -> dict[str, Any]:
        """Start a state machine and wait for its end."""
        states = self._account("stepfunctions")
        arn = states.start_execution(stateMachineArn=self.outputs[machine], input=json.dumps(given))["executionArn"]
        return self._ended(arn)

    def started_by_approval(self, manifest: str) -> list[dict[str, Any]]:
        """Wait for the runs that the approval started by itself, and return what came of them."""
        states = self._account("stepfunctions")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            listed = states.list_executions(stateMachineArn=self.outputs["Tune"])["executions"]
            arns = [each["executionArn"] for each in listed if each["name"].startswith("approved-")]
            found = [arn for arn in arns if manifest in states.describe_execution(executionArn=arn)["input"]]
            if found:
                return [self._ended(arn) for arn in found]
            time.sleep(0.2)
        return []

    def _ended(self, arn: str) -> dict[str, Any]:
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

    def _stub(self, kind: str) -> None:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.write(Path(__file__).with_name("stub_sagemaker.py"), "stub_sagemaker.py")
        self._account("lambda").create_function(
            FunctionName=f"stub-{kind}",
            Runtime="python3.12",
            Role=self.outputs[f"{kind.capitalize()}Role"],
            Handler="stub_sagemaker.handler",
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
