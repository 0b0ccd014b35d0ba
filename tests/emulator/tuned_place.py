"""Places for tuned models in the local cloud: role, alarm and key of the template; a stub plays what serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from genai_layers.platform.sagemaker import Rollout

STARTING = "of-the-template"
STARTING_MODEL = "base"
REGISTRY_IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/vllm:0.27.1-gpu"


@dataclass(frozen=True, kw_only=True)
class TunedPlace:
    """What a pipeline has to know of the endpoint; see `genai_layers.jobs.fine_tuning.IPromotable`."""

    key: kms.IKey
    execution_role: iam.IRole
    rollback_alarms: Sequence[cloudwatch.IAlarm]
    update: Mapping[str, object]
    endpoint_name: str = "stub"
    component_name: str | None = None
    changed_arn: str = "arn:aws:sagemaker:us-east-1:000000000000:endpoint/stub"
    starting: str = STARTING
    starting_arn: str | None = f"arn:aws:sagemaker:us-east-1:000000000000:endpoint-config/{STARTING}"
    config_members: Sequence[str] = ("KmsKeyId",)
    go_back: Mapping[str, object] = field(default_factory=lambda: {"deploymentConfig": {}})
    vpc_config: Mapping[str, object] = field(
        default_factory=lambda: {"securityGroupIds": ["sg-1"], "subnets": ["subnet-1"]}
    )
    is_isolated: bool = True
    faults: Sequence[str] = ()


def tuned_place(stack: cdk.Stack, key: kms.IKey) -> TunedPlace:
    """
    Make role and alarm, and the role of the stub, with their outputs.

    Args:
        stack: Where they go.
        key: Key of the endpoint.
    """
    hosting = iam.Role(stack, "Hosting", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    alarm = cloudwatch.Alarm(
        stack,
        "Errors",
        metric=cloudwatch.Metric(namespace="AWS/SageMaker", metric_name="Invocation5XXErrors"),
        threshold=1,
        evaluation_periods=1,
    )
    stub = iam.Role(stack, "Stub", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    stub.add_to_policy(
        iam.PolicyStatement(
            actions=["ssm:GetParameter", "ssm:PutParameter", "cloudwatch:DescribeAlarms"], resources=["*"]
        )
    )
    cdk.CfnOutput(stack, "OutAlarm", value=alarm.alarm_name)
    cdk.CfnOutput(stack, "OutEndpointRole", value=stub.role_arn)
    canary = {"deploymentConfig": Rollout.canary().render([alarm.alarm_name])}
    return TunedPlace(key=key, execution_role=hosting, rollback_alarms=[alarm], update=canary)


def tuned_component(place: TunedPlace) -> TunedPlace:
    """
    Return a component of the same endpoint, which changes in batches.

    Args:
        place: The endpoint.
    """
    kept = {"computeResourceRequirements": {"minMemoryRequiredInMb": 1024, "numberOfAcceleratorDevicesRequired": 1}}
    names = [alarm.alarm_name for alarm in place.rollback_alarms]
    watched, unwatched = (Rollout.rolling().render_component(each) for each in (names, []))
    del unwatched["autoRollbackConfiguration"]
    return replace(
        place,
        component_name="stub",
        changed_arn="arn:aws:sagemaker:us-east-1:000000000000:inference-component/stub",
        starting=STARTING_MODEL,
        starting_arn=None,
        config_members=(),
        update={"specification": kept, "deploymentConfig": watched},
        go_back={"specification": kept, "deploymentConfig": unwatched},
    )
