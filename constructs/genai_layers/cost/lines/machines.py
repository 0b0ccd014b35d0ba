"""
Prices of machines and their volumes while they idle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.fleets import instance_types, launch_template
from genai_layers.cost.items import Charged, Item, Pricer, Unknown, UsageOnly, free, hourly
from genai_layers.cost.resource import Resource
from genai_layers.cost.schedules import scheduled_machines, unread_schedule
from genai_layers.cost.tasks import machines_for_tasks

# EBS user guide, gp3: 3,000 IOPS and 125 MiB/s are in the price of the size.
_GP3_IOPS, _GP3_MIB_PER_SECOND = 3000, 125


def _group(group: Resource) -> Iterable[Item]:
    count = group.number("DesiredCapacity")
    if count is None:
        count = group.number("MinSize")
    if count is None:
        return (Unknown(what="Auto Scaling group", reason="its size is known only at the deploy"),)
    count = max(count, machines_for_tasks(group))
    scheduled = scheduled_machines(group)
    if scheduled is not None:
        count = round(scheduled, 2)
    named, template = instance_types(group), launch_template(group)
    if not named:
        return (Unknown(what=f"Auto Scaling group of {count}", reason="the template does not name its instance type"),)
    if count == 0:
        asleep = UsageOnly(what=f"no machine until asked, then {named[0]}", lines=(f"ec2:{named[0]}",))
        return (asleep, *unread_schedule(group))
    of_several = f", the first of {len(named)} types" if len(named) > 1 else ""
    note = "on demand" if scheduled is None else "on demand, the mean of the week that its schedule keeps"
    items: list[Item] = [hourly(f"{count} x {named[0]}{of_several}", f"ec2:{named[0]}", count, note)]
    items += unread_schedule(group)
    if template is None:
        items.append(Unknown(what="volumes of the group", reason="its launch template is not in the same stack"))
    else:
        items += mapped(template.at("LaunchTemplateData", "BlockDeviceMappings") or [], count)
    return items


def _template(template: Resource) -> Iterable[Item]:
    items: list[Item] = []
    for mapping in template.at("LaunchTemplateData", "BlockDeviceMappings") or []:
        volume = mapping.get("Ebs", {})
        gigabytes = volume.get("VolumeSize")
        if "SnapshotId" in volume and isinstance(gigabytes, (int, str)):
            items.append(
                Charged(
                    what=f"the snapshot behind {gigabytes} GB",
                    line="ebs:snapshot",
                    per_month=Decimal(str(gigabytes)),
                    note="once for all machines, and at most: only blocks that hold something are stored",
                )
            )
        if "VolumeInitializationRate" in volume:
            items.append(
                Unknown(
                    what=f"initialization of {gigabytes} GB at {volume['VolumeInitializationRate']} MiB a second",
                    reason="it is paid for each volume when it is made, and the catalog has no price for it",
                )
            )
    return items or free(template)


def _warm_pool(pool: Resource) -> Iterable[Item]:
    group = pool.template.get(pool.properties.get("AutoScalingGroupName"))
    machines = pool.number("MinSize")
    template = None if group is None else launch_template(group)
    if machines is None or template is None:
        return (Unknown(what="warm pool", reason="its size or its launch template is not in the template"),)
    if pool.at("PoolState") not in ("Stopped", "Hibernated"):
        return (Unknown(what=f"warm pool of {machines}", reason="its machines run, at the price of the group's"),)
    # A stopped machine costs its volumes and nothing else.
    return mapped(template.at("LaunchTemplateData", "BlockDeviceMappings") or [], machines)


def _instance(instance: Resource) -> Iterable[Item]:
    name = instance.at("InstanceType")
    if not isinstance(name, str):
        return (Unknown(what="instance", reason="the template does not name its instance type"),)
    return (hourly(f"1 x {name}", f"ec2:{name}"), *mapped(instance.many("BlockDeviceMappings"), Decimal(1)))


def _volume(volume: Resource) -> Iterable[Item]:
    return _storage(volume.properties, "VolumeSize" if "VolumeSize" in volume.properties else "Size", Decimal(1))


def mapped(mappings: list[Mapping[str, Mapping[str, object]]], count: Decimal) -> list[Item]:
    """
    What the volumes of machines cost.

    Args:
        mappings: Volumes of one machine, as a launch template has them.
        count: Machines.
    """
    return [item for mapping in mappings if "Ebs" in mapping for item in _storage(mapping["Ebs"], "VolumeSize", count)]


def _storage(volume: Mapping[str, object], size: str, count: Decimal) -> list[Item]:
    kind, gigabytes = volume.get("VolumeType", "gp2"), volume.get(size)
    if not isinstance(gigabytes, (int, str)):
        return [Unknown(what=f"{kind} volume", reason="the template does not give its size")]
    if kind != "gp3":
        return [Unknown(what=f"{gigabytes} GB {kind} volume", reason="the catalog has a price line for gp3 only")]
    items: list[Item] = [
        Charged(what=f"{count} x {gigabytes} GB gp3", line="ebs:gp3", per_month=count * Decimal(str(gigabytes)))
    ]
    for field, included, line in (
        ("Iops", _GP3_IOPS, "ebs:gp3-iops"),
        ("Throughput", _GP3_MIB_PER_SECOND, "ebs:gp3-throughput"),
    ):
        above = Decimal(str(volume.get(field) or included)) - included
        if above > 0:
            items.append(Charged(what=f"{count} x {field} above {included}", line=line, per_month=count * above))
    return items


LINES: Mapping[str, Pricer] = {
    "AWS::AutoScaling::AutoScalingGroup": _group,
    "AWS::AutoScaling::WarmPool": _warm_pool,
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::LaunchTemplate": _template,
    "AWS::EC2::Volume": _volume,
    **dict.fromkeys(
        (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            "AWS::AutoScaling::LifecycleHook",
            "AWS::AutoScaling::ScalingPolicy",
            "AWS::AutoScaling::ScheduledAction",
            "AWS::IAM::InstanceProfile",
        ),
        free,
    ),
}
