"""What scales what: Auto Scaling groups and services of ECS, and their schedules and policies."""

from collections.abc import Iterator, Mapping

from genai_layers.compliance.template import Resource, Template, items, mapping

GROUP_ACTION = "AWS::AutoScaling::ScheduledAction"
GROUP_POLICY = "AWS::AutoScaling::ScalingPolicy"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
TARGET_POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"


def scaled_by(resource: Resource, template: Template) -> str | None:
    """Return what *resource*, a schedule or a policy, scales: a logical id, or the name that is written."""
    name = resource.get("AutoScalingGroupName" if resource.type in (GROUP_ACTION, GROUP_POLICY) else "ScalingTargetId")
    found = template.referred(name)
    if found:
        return found[0].logical_id
    return name if isinstance(name, str) else None


def policies_of(scaled: str | None, template: Template) -> tuple[Resource, ...]:
    """Return the policies of *scaled*, a group or a scalable target."""
    return tuple(
        policy
        for policy in template.of_type(GROUP_POLICY, TARGET_POLICY)
        if scaled is not None and scaled_by(policy, template) == scaled
    )


def goes_to_zero(policy: Resource) -> bool:
    """Return whether *policy* takes the last one."""
    return _kind(policy) == "ExactCapacity" and 0 in tuple(_steps(policy))


def comes_back(policy: Resource, template: Template) -> bool:
    """Return whether *policy* brings one back from none, when an alarm tells it to."""
    raises = any(step > 0 for step in _steps(policy)) and _kind(policy) in ("ChangeInCapacity", "ExactCapacity")
    return raises and any(
        policy in template.referred(alarm.get("AlarmActions")) for alarm in template.of_type("AWS::CloudWatch::Alarm")
    )


def _kind(policy: Resource) -> object:
    return policy.get("AdjustmentType") or policy.get("StepScalingPolicyConfiguration", "AdjustmentType")


def _steps(policy: Resource) -> Iterator[int]:
    if isinstance(policy.get("ScalingAdjustment"), int):
        yield int(str(policy.get("ScalingAdjustment")))
    for path in (("StepAdjustments",), ("StepScalingPolicyConfiguration", "StepAdjustments")):
        for step in items(policy.get(*path)):
            adjustment = mapping(step).get("ScalingAdjustment")
            if isinstance(adjustment, int):
                yield adjustment


def bounds(action: Mapping[str, object]) -> tuple[object, ...]:
    """Return the numbers that a scheduled action of either kind sets, as written."""
    inner = mapping(action.get("ScalableTargetAction"))
    written = (
        *(action.get(name) for name in ("MinSize", "MaxSize", "DesiredCapacity")),
        *(inner.get(name) for name in ("MinCapacity", "MaxCapacity")),
    )
    return tuple(value for value in written if value is not None)
