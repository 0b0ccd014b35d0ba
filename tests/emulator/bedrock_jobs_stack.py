"""Jobs as stacks of their own in the local cloud, and executions of them."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse, SecureBucket
from genai_layers.jobs.bedrock import (
    BatchInference,
    Dataset,
    Evaluation,
    FineTuning,
    FlowCandidate,
    GivenAnswers,
    Judge,
    ModelAccess,
    ModelAlias,
    ModelCustomization,
    ModelDeployment,
    ModelImport,
    Promotion,
    Threshold,
    UseCase,
)
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.flows import AskPrompt, Flow, FlowAlias, FlowDefinition, input_node, output_node
from genai_layers.platform.prompts import Prompt, PromptFile
from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.stack import HandmadeStack

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.local_cloud.clients import Clients

RUNTIME = Path(__file__).resolve().parents[2] / "constructs" / "genai_layers" / "runtime"
CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"
POLL, HOUR = cdk.Duration.seconds(15), cdk.Duration.hours(1)


class Deployed:
    """
    A deployed job with a bucket of its own, and executions of it.

    Args:
        account: Clients of the running cloud.
        name: Name of the job.
        prefix: What the name of its stack begins with. Default: that of the one that tests share.
    """

    def __init__(self, account: Clients, name: str, prefix: str = "job") -> None:
        self._account = account
        self.name = name
        self._stack = HandmadeStack(account, f"{prefix}-{name.lower()}")
        self.outputs: dict[str, str] = {}

    def deploy(self, change: Callable[[str], str] = str, words: str = "", **more: dict[str, Any]) -> None:
        """Make the stack, or update it with definitions and words that were changed and with more resources."""
        resources, outputs = template(self.name, words)
        for resource in resources.values():
            if resource["Type"] == "AWS::Lambda::Function":
                resource["Properties"]["Code"] = {"S3Bucket": "code", "S3Key": "runtime.zip"}
            if resource["Type"] == "AWS::StepFunctions::StateMachine":
                definition = json.dumps(resource["Properties"]["DefinitionString"])
                resource["Properties"]["DefinitionString"] = json.loads(change(definition))
        self.outputs = self._stack.deploy({**resources, **more}, outputs)

    def delete(self) -> None:
        """Delete the stack."""
        self._stack.delete()

    def put(self, key: str, content: bytes) -> None:
        """Put an object into the bucket, with its digest."""
        self._account("s3").put_object(Bucket=self.outputs["Bucket"], Key=key, Body=content, ChecksumAlgorithm="SHA256")

    def put_weights(self, folder: str, **files: bytes) -> dict[str, str]:
        """Put weights with their manifest, and return the input that imports them."""
        listed = [
            {"file": name, "bytes": len(content), "sha256": digest(content), "parts": 1}
            for name, content in files.items()
        ]
        manifest = json.dumps({"files": listed}).encode()
        for name, content in (*files.items(), ("manifest.json", manifest)):
            self.put(f"models/{folder}/{name}", content)
        return {"folder": folder, "manifest_sha256": digest(manifest)}

    def run(self, given: dict[str, Any]) -> dict[str, Any]:
        """Run the job to its end: status, output or error and cause."""
        states = self._account("stepfunctions")
        arn = states.start_execution(stateMachineArn=self.outputs["Job"], input=json.dumps(given))["executionArn"]
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            told: dict[str, Any] = states.describe_execution(executionArn=arn)
            if told["status"] != "RUNNING":
                return told
            time.sleep(0.2)
        raise AssertionError(f"{self.name} was not done in time")

    def executions(self) -> int:
        """How many executions there were."""
        return len(self._account("stepfunctions").list_executions(stateMachineArn=self.outputs["Job"])["executions"])

    def alias(self) -> str:
        """What its parameter holds."""
        return str(self._account("ssm").get_parameter(Name=self.outputs["Alias"])["Parameter"]["Value"])


def digest(content: bytes) -> str:
    """SHA-256 as S3 writes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def template(name: str, words: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Resources and outputs of a stack with one job."""
    stack = cdk.Stack(testing.app(), name, env=cdk.Environment(account=ACCOUNT, region=REGION))
    gone = cdk.RemovalPolicy.DESTROY
    uses = (*ModelImport.REQUIRED_KEY_USES, KeyUse.LAMBDA, KeyUse.GUARDRAIL)
    key = EncryptionKey(stack, "Key", description="jobs", uses=uses, removal_policy=gone).key
    data = SecureBucket(stack, "Data", key=key, access_logs=None).bucket
    made = {"key": key, "removal_policy": gone, **({"words": words} if words else {})}
    job = MADE[name](stack, data, made)
    outputs = {"Bucket": data.bucket_name, "Job": job.state_machine.state_machine_arn}
    if isinstance(job, ModelImport | ModelDeployment):
        outputs["Alias"] = job.alias.name
    if isinstance(job, ModelCustomization):
        outputs["Alias"] = job.newest.name
    flow = stack.node.try_find_child("Flow")
    if isinstance(flow, Flow):
        live = flow.node.find_child("Live")
        assert isinstance(live, FlowAlias)
        outputs |= {"Flow": flow.flow_id, "Live": live.alias_id}
    return testing.template(stack)["Resources"], {key: stack.resolve(value) for key, value in outputs.items()}


def _import(stack: cdk.Stack, data: s3.IBucket, common: dict[str, Any]) -> ModelImport:
    return ModelImport(stack, "Job", weights=data, path="models", name="support", poll=POLL, **common)


def _tuning(stack: cdk.Stack, data: s3.IBucket, common: dict[str, Any]) -> ModelCustomization:
    return ModelCustomization(
        stack,
        "Job",
        base_model=FoundationModel.of(stack, "amazon.nova-lite-v1:0"),
        customization=FineTuning(hyper_parameters={"epochCount": "1"}),
        training=Dataset(bucket=data, path="training", file="one.jsonl"),
        output=data,
        output_path="made",
        poll=POLL,
        timeout=HOUR,
        **common,
    )


def _quality(stack: cdk.Stack, data: s3.IBucket, common: dict[str, Any]) -> Evaluation:
    return Evaluation(
        stack,
        "Job",
        subject=GivenAnswers(source="chat"),
        evaluator=Judge(model=FoundationModel.of(stack, "amazon.nova-lite-v1:0")),
        dataset=Dataset(bucket=data, path="questions", file="one.jsonl"),
        thresholds=[Threshold(metric="Correctness", at_least=0.6)],
        output=data,
        output_path="marks",
        poll=POLL,
        timeout=HOUR,
        **common,
    )


def _batch(stack: cdk.Stack, data: s3.IBucket, common: dict[str, Any]) -> BatchInference:
    return BatchInference(
        stack,
        "Job",
        model=FoundationModel.of(stack, "amazon.nova-lite-v1:0"),
        records=Dataset(bucket=data, path="records", file="one.jsonl"),
        output=data,
        output_path="answers",
        poll=cdk.Duration.minutes(1),
        **common,
    )


def _access(stack: cdk.Stack, _data: s3.IBucket, common: dict[str, Any]) -> ModelAccess:
    form = UseCase(company_name="A", company_website="https://example.com", industry="Energy", use_cases="Answers.")
    return ModelAccess(stack, "Job", models=[CLAUDE, "amazon.nova-lite-v1:0"], use_case=form, **common)


TEST_SET = b'{"input": "Capital?", "contains": ["mock flow output"], "reference": "mock flow"}'
"""A question that the local cloud's flow answers well, whoever judges."""


def _promotion(stack: cdk.Stack, data: s3.IBucket, common: dict[str, Any]) -> Promotion:
    words = common.pop("words", "{{question}}")
    model, key = FoundationModel.of(stack, "amazon.nova-lite-v1:0"), common["key"]
    prompt = Prompt(stack, "Words", key=key, prompt=PromptFile(text=words, description="Asks"), model=model)
    answer = AskPrompt(prompt=prompt, guardrail=Guardrail(stack, "Guardrail", key=key)).node("Answer")
    lines = ["Question.document -> Answer.question", "Answer.modelCompletion -> Told.document"]
    flow = Flow(
        stack, "Flow", key=key, definition=FlowDefinition([input_node("Question"), answer, output_node("Told")], lines)
    )
    return Promotion(
        stack,
        "Job",
        candidate=FlowCandidate(flow=flow, newest=flow.add_alias("Newest"), current=flow.add_gated_alias("Live")),
        test_set=Dataset(bucket=data, path="questions", file="one.jsonl"),
        test_set_sha256=hashlib.sha256(TEST_SET).hexdigest(),
        judge=Judge(model=model),
        thresholds=[Threshold(metric="Correctness", at_least=0.6)],
        output=data,
        output_path="promotions",
        poll=POLL,
        timeout=HOUR,
        **common,
    )


def _deployment(stack: cdk.Stack, _data: s3.IBucket, common: dict[str, Any]) -> ModelDeployment:
    newest = ModelAlias(stack, "Newest", description="newest model")
    return ModelDeployment(stack, "Job", newest=newest, name="support", poll=POLL, **common)


MADE = {
    "Deployment": _deployment,
    "Promotion": _promotion,
    "Import": _import,
    "Tuning": _tuning,
    "Quality": _quality,
    "Batch": _batch,
    "Access": _access,
}


def code() -> bytes:
    """The code asset, as the CDK would put it together."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(RUNTIME.rglob("*.py")):
            archive.write(path, Path("runtime") / path.relative_to(RUNTIME))
    return packed.getvalue()
