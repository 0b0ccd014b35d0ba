"""
A fleet's decisions as the values that its machines are told.
"""

from __future__ import annotations

from aws_cdk import Duration, Stack

from genai_layers.inference.engines.container_image import BoundImage
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fast_start import DATA_DIRECTORY
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.machine_group import HOOK, MachineGroup
from genai_layers.inference.user_data import Boot

# Docker's default of 64 MiB is too little for the processes of one engine; this is a limit, taken only as used.
_SHARED_MEMORY_PART = 4


def fleet_boot(
    decided: FleetPlan,
    *,
    image: BoundImage,
    entrance: Entrance,
    group: MachineGroup | None,
    request_timeout: Duration,
    signals_updates: bool,
) -> Boot:
    """
    Return what a machine of the fleet is told.

    Args:
        decided: The fleet's decisions.
        image: The engine's container.
        entrance: The API key, of which the name is told and never the value, and where engine and boot write.
        group: The group that the machine belongs to; None where nobody waits for a word from it.
        request_timeout: How long running requests are waited for.
        signals_updates: CloudFormation waits for a word from the machine.
    """
    stack = Stack.of(entrance.door)
    engine = decided.engine
    launch = engine.launch(decided.serving)
    probe = engine.probe(decided.serving.model_id)
    smallest_mib = min(type_.memory_mib for type_ in decided.placement.types)
    serving = {
        "AWS_REGION": stack.region,
        "API_KEY_SECRET": entrance.api_key.secret.secret_arn,
        "API_KEY_VARIABLE": engine.api_key_variable,
        "DEVICES": engine.vendor.value,
        "ENTRYPOINT": launch.entrypoint,
        "HEALTH_PORT": str(HEALTH_PORT),
        "IMAGE": image.uri,
        "LOG_GROUP": entrance.log_group.log_group_name,
        "PORT": str(engine.port),
        "REGISTRY": image.registry,
        "SHARED_MEMORY": f"{smallest_mib // _SHARED_MEMORY_PART}m",
        "STOP_SECONDS": f"{request_timeout.to_seconds():.0f}",
        "WEIGHTS": engine.weights.value,
        "WEIGHTS_URI": decided.serving.weights_uri,
    }
    if signals_updates and group is not None:
        serving |= {"STACK": stack.stack_id, "GROUP_LOGICAL_ID": group.resource.logical_id}
    mounts = []
    if decided.fast_start.data_snapshot is not None:
        # Wins over local disks, which a new machine has to fill first.
        serving["DATA_DIRECTORY"] = DATA_DIRECTORY
        mounts.append("var-lib-genai.mount")
    if decided.fast_start.warm_machines:
        serving["HOOK"] = HOOK
    latency = {} if engine.latency_metric is None else {"LATENCY_METRIC": engine.latency_metric}
    return Boot(
        serving=serving,
        probe={
            **latency,
            "PORT": str(engine.port),
            "HEALTH_PORT": str(HEALTH_PORT),
            "PROBE_PATH": probe.path,
            "PROBE_BODY": probe.body,
            "PROGRESS_METRICS": ",".join(probe.progress_metrics),
        },
        container=launch.environment,
        arguments=launch.arguments,
        log_group=entrance.log_group.log_group_name,
        fleet=entrance.name,
        port=engine.port,
        probe_port=HEALTH_PORT,
        published_metrics=engine.published_metrics,
        latency_metric=engine.latency_metric,
        watches_spot=decided.capacity.is_spot,
        signals_updates=signals_updates,
        warms=decided.fast_start.warm_machines > 0,
        mounts=mounts,
    )
