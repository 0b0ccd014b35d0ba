"""The stack of a fine-tuning with a place for its models, as it is deployed to the local cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from tuned_place import REGISTRY_IMAGE, tuned_component, tuned_place

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, RetainedLogGroup, SecureBucket
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
    Serving,
    Standard,
    TrainingDataBucket,
    TuningMethod,
)
from genai_layers.jobs.fine_tuning.deployment import deployment
from genai_layers.jobs.fine_tuning.hand_off import HandOff
from tools.local_cloud.layout import ACCOUNT, REGION

EXAMPLE = Path(__file__).parents[2] / "examples" / "fine_tuning"


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
    place, serving = tuned_place(stack, key), Serving(image=REGISTRY_IMAGE)
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
        serving=serving,
        deploy_to=place,
        card=ModelCardFacts(creator="c", purpose="p", uses="u", limits="l", risk=Risk.LOW, risk_reason="r"),
    )
    component = HandOff(
        stack,
        "Component",
        group_name=pipeline.group.model_package_group_name,
        key=log_key,
        log_group=RetainedLogGroup(stack, "ComponentLogs", key=log_key).log_group,
        deployment=deployment(stack, tuned_component(place), "component", pipeline.outputs, serving),
    )
    for name, value in (
        *(
            (f"Component{name}", machine.state_machine.state_machine_arn)
            for name, machine in component.workflows.items()
        ),
        ("ComponentCurrent", component.current.parameter_name),
        ("Data", data.bucket.bucket_name),
        ("Weights", weights.bucket_name),
        ("Runs", pipeline.outputs.bucket_name),
        ("Tune", pipeline.state_machine.state_machine_arn),
        ("Promote", pipeline.hand_off.promotion.state_machine_arn),
        ("RollBack", pipeline.hand_off.rollback.state_machine_arn),
        ("Restore", pipeline.hand_off.restoration.state_machine_arn),
        ("Current", pipeline.hand_off.current.parameter_name),
        ("FeedRole", feed.role_arn),
        ("ReviewerRole", reviewer.role_arn),
        ("TrainingRole", pipeline.training_role.role_arn),
        ("EvaluationRole", pipeline.evaluation_role.role_arn),
        ("Group", pipeline.group.model_package_group_name),
    ):
        cdk.CfnOutput(stack, f"Out{name}", value=value)
    return testing.template(stack), Path(app.outdir)
