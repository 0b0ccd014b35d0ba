"""The stack of a fine-tuning with a place for its models, as it is deployed to the local cloud."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from tuned_place import REGISTRY_IMAGE, tuned_component, tuned_place

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, RetainedLogGroup
from genai_layers.jobs.fine_tuning import FineTuningPipeline, Serving
from genai_layers.jobs.fine_tuning.deployment import deployment
from genai_layers.jobs.fine_tuning.hand_off import HandOff
from tools.local_cloud.layout import ACCOUNT, REGION

EXAMPLE = Path(__file__).parents[2] / "examples" / "fine_tuning"


def of_the_example(module: str) -> Any:
    """Import a file of the example, which is no package."""
    sys.path.insert(0, str(EXAMPLE))
    try:
        return importlib.import_module(module)
    finally:
        sys.path.remove(str(EXAMPLE))


def synthesized() -> tuple[dict[str, Any], Path]:
    """Template of the example with places for its models, in the account of the local cloud, and its assets' folder."""
    app = testing.app()
    stack = cdk.Stack(app, "Tuning", env=cdk.Environment(account=ACCOUNT, region=REGION))
    key = EncryptionKey(stack, "Key", description="data", uses=FineTuningPipeline.REQUIRED_KEY_USES).key
    log_key = EncryptionKey(stack, "LogKey", description="logs", uses=FineTuningPipeline.REQUIRED_LOG_KEY_USES).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    feed, reviewer = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("Feed", "Reviewer"))
    network = cdk.aws_ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["us-east-1a"], isolated_subnet_ids=["subnet-1"]
    )
    place, serving = tuned_place(stack, key), Serving(image=REGISTRY_IMAGE)
    made = of_the_example("tickets").Tickets(
        stack,
        "Tickets",
        key=key,
        log_key=log_key,
        access_logs=access_logs,
        vpc=network,
        feed=feed,
        reviewer=reviewer,
        unlocked_reason="the local cloud forgets everything when it stops",
        serving=serving,
        deploy_to=place,
    )
    pipeline = made.tuning
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
        ("Data", made.data.bucket.bucket_name),
        ("Weights", made.weights.bucket_name),
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
