"""What the tests of Bedrock's jobs share: one stack with every kind of job, synthesized once under every check."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.bedrock import (
    Algorithm,
    BatchInference,
    BedrockJob,
    ContinuedPreTraining,
    Dataset,
    Distillation,
    Evaluation,
    FineTuning,
    GivenAnswers,
    JobNetwork,
    Judge,
    ModelAccess,
    ModelAnswers,
    ModelCustomization,
    ModelImport,
    ReinforcementFineTuning,
    RetrievedAnswers,
    RetrievedPassages,
    SmokeTest,
    Threshold,
    UseCase,
)
from genai_layers.platform import FoundationModel, InferenceProfile, KnowledgeBase

GUARDRAIL = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"
GRADER = "arn:aws:lambda:us-east-1:111122223333:function:grader"
CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
_GROUP, _KNOWLEDGE = "AWS::EC2::SecurityGroup", "AWS::Bedrock::KnowledgeBase"
FORM = UseCase(
    company_name="Example", company_website="https://example.com", industry="Energy", use_cases="Answers about meters."
)


def estate(app: cdk.App) -> tuple[cdk.Stack, ModelImport]:
    """A stack with every kind of job in it, and every kind of what they work on."""
    stack = testing.stack(app)
    uses = (*BedrockJob.REQUIRED_KEY_USES, *KnowledgeBase.REQUIRED_KEY_USES, KeyUse.LAMBDA)
    key = EncryptionKey(stack, "Key", description="jobs", uses=uses).key
    access_logs = s3.Bucket.from_bucket_name(stack, "AccessLogs", "access-logs")
    data = SecureBucket(stack, "Data", key=key, access_logs=access_logs).bucket
    network = Network(stack, "Network", flow_log_key=key, log_retention=logs.RetentionDays.ONE_YEAR)
    inside = JobNetwork(vpc=network.vpc)
    nova = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
    pro = InferenceProfile.geographic(stack, "amazon.nova-pro-v1:0")
    knowledge = KnowledgeBase(stack, "Knowledge", key=key, access_logs=access_logs)

    def file(path: str) -> Dataset:
        return Dataset(bucket=data, path=path, file="2026-11.jsonl")

    imported = ModelImport(
        stack,
        "Import",
        weights=data,
        path="models",
        key=key,
        name="support",
        network=inside,
        smoke_test=SmokeTest(expect="Paris"),
    )
    ways = {
        "Tuning": FineTuning(hyper_parameters={"epochCount": "2", "learningRate": "0.00001"}),
        "Reading": ContinuedPreTraining(),
        "Distilling": Distillation(teacher=pro, max_response_tokens=1000),
        "Reinforcing": ReinforcementFineTuning(
            grader=lambda_.Function.from_function_arn(stack, "Grader", GRADER), epochs=2, learning_rate=1e-5
        ),
    }
    for name, way in ways.items():
        ModelCustomization(
            stack,
            name,
            base_model=nova,
            customization=way,
            training=file("training"),
            validation=file("validation") if name == "Tuning" else None,
            network=inside if name == "Tuning" else None,
            output=data,
            output_path="models-made",
            key=key,
        )
    judge = Judge(model=pro)
    for name, subject, evaluator, threshold in (
        ("Judged", ModelAnswers(model=nova), judge, Threshold(metric="Correctness", at_least=0.8)),
        ("Computed", ModelAnswers(model=nova), Algorithm(), Threshold(metric="Toxicity", at_most=0.1)),
        ("Given", GivenAnswers(source="chat"), judge, Threshold(metric="Helpfulness", at_least=0.5)),
        (
            "Passages",
            RetrievedPassages(knowledge_base=knowledge),
            judge,
            Threshold(metric="ContextRelevance", at_least=0.7),
        ),
        (
            "Answers",
            RetrievedAnswers(knowledge_base=knowledge, model=pro),
            judge,
            Threshold(metric="Faithfulness", at_least=0.7),
        ),
    ):
        Evaluation(
            stack,
            name,
            subject=subject,
            evaluator=evaluator,
            dataset=file("questions"),
            thresholds=[threshold],
            output=data,
            output_path="marks",
            key=key,
        )
    batch = BatchInference(
        stack, "Batch", model=pro, records=file("records"), output=data, output_path="answers", key=key, network=inside
    )
    batch.start_on_schedule("Nightly", events.Schedule.cron(hour="2", minute="0"), {"records": "today.jsonl"})
    batch.start_on_event("OnUpload", events.EventPattern(source=["aws.s3"]))
    ModelAccess(stack, "Access", models=[CLAUDE], key=key, use_case=FORM)
    return stack, imported


def guests(stack: cdk.Stack, job: ModelImport) -> None:
    """An operator who starts the import, and a chat that uses what it made current."""
    job.grant_start(iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal()))
    chat = iam.Role(stack, "Chat", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    job.alias.grant_read(chat)
    job.grant_invoke(chat, guardrail_arn=GUARDRAIL)


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The template of the estate, with an operator and a chat."""
    stack, job = estate(testing.app())
    guests(stack, job)
    return testing.template(stack)


@pytest.fixture(scope="session")
def checked() -> dict[str, Any]:
    """The template of the estate, after every check; it raises on a finding."""
    app = testing.app()
    attach_checks(app)
    stack, _ = estate(app)
    synthesize(app)
    return testing.template(stack)


@pytest.fixture(scope="session")
def definition(template: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """A function that finds the definition of a job, with its references filled in as after a deploy."""
    values = {f"{name}.GroupId": "sg-0123456789abcdef0" for name in testing.resources(template, _GROUP)}
    values |= {f"{name}.KnowledgeBaseId": "KNOWLEDGE1" for name in testing.resources(template, _KNOWLEDGE)}
    resolver = testing.Resolver(template=template, values=values)

    def found(job: str) -> dict[str, Any]:
        (machine,) = [
            resource
            for name, resource in testing.resources(template, "AWS::StepFunctions::StateMachine").items()
            if name.startswith(f"{job}Run")
        ]
        parsed: dict[str, Any] = json.loads(resolver.resolve(machine["Properties"]["DefinitionString"]))
        return parsed

    return found
