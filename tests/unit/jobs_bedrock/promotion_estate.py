"""A stack with a gate before a flow and one before a prompt."""

from __future__ import annotations

from types import SimpleNamespace

from aws_cdk import aws_s3 as s3

from genai_layers.foundation import EncryptionKey, KeyUse, SecureBucket
from genai_layers.jobs.bedrock import (
    BedrockJob,
    Dataset,
    FlowCandidate,
    Judge,
    ModelAlias,
    Promotion,
    PromptCandidate,
    Threshold,
)
from genai_layers.platform import FoundationModel, Guardrail, InferenceProfile
from genai_layers.platform.flows import AskPrompt, Flow, FlowDefinition, input_node, output_node
from genai_layers.platform.prompts import Prompt, PromptFile

DIGEST = "ab" * 32
LINES = ["Question.document -> Answer.question", "Answer.modelCompletion -> Told.document"]


def gates(stack, **props):
    """Make both gates and what they stand before; return all of it by name."""
    uses = (*BedrockJob.REQUIRED_KEY_USES, KeyUse.LAMBDA, KeyUse.GUARDRAIL)
    key = EncryptionKey(stack, "Key", description="gates", uses=uses).key
    logs = s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs")
    data = SecureBucket(stack, "Data", key=key, access_logs=logs).bucket
    guardrail = Guardrail(stack, "Guardrail", key=key)
    words = PromptFile(text="Answer {{question}}.", description="Answers")
    prompt = Prompt(stack, "Words", key=key, prompt=words, model=FoundationModel.of(stack, "amazon.nova-lite-v1:0"))
    node = AskPrompt(prompt=prompt, guardrail=guardrail).node("Answer")
    flow = Flow(
        stack, "Flow", key=key, definition=FlowDefinition([input_node("Question"), node, output_node("Told")], LINES)
    )
    newest, live = flow.add_alias("Newest"), flow.add_gated_alias("Live")
    current = ModelAlias(stack, "Current", description="version of the prompt that has passed")
    common = {
        "test_set": Dataset(bucket=data, path="questions", file="one.jsonl"),
        "test_set_sha256": DIGEST,
        "judge": Judge(model=InferenceProfile.geographic(stack, "amazon.nova-pro-v1:0")),
        "thresholds": [Threshold(metric="Correctness", at_least=0.8)],
        "output": data,
        "output_path": "promotions",
        "key": key,
        **props,
    }
    flow_candidate = FlowCandidate(flow=flow, newest=newest, current=live)
    prompt_candidate = PromptCandidate(prompt=prompt, guardrail=guardrail, current=current)
    return SimpleNamespace(
        flow=Promotion(stack, "FlowGate", candidate=flow_candidate, **common),
        prompt=Promotion(stack, "PromptGate", candidate=prompt_candidate, **common),
        newest=newest,
        live=live,
        made=flow,
        common=common,
    )
