"""
One copy of the engine as ECS runs it: the engine, the probe beside it, and the weights before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.ecs.containers import CACHE, ENGINE, TEMPORARY, WEIGHTS, Containers
from genai_layers.inference.ecs.task_roles import StartRole, TaskRole
from genai_layers.inference.engines import ContainerImage, WeightsPath
from genai_layers.inference.engines.engine import MODEL_DIRECTORY
from genai_layers.inference.entrance import Entrance
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.user_data import FLEET_DIMENSION, METRIC_NAMESPACE, boot_file
from genai_layers.inference.weights import Weights

# The probe is two files; a task definition has no files, so it carries them in variables.
_RUN_PROBE = (
    'printf %s "$PROBE_PY" >/tmp/probe.py && printf %s "$METER_PY" >/tmp/meter.py && exec python3 /tmp/meter.py'
)


class Task(Construct):
    """
    A task definition with the network of its own task, no privileges and read-only images.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new task definition.
        decided: The fleet's decisions.
        tools: Image with `python3`, and with the AWS CLI where weights are copied.
        weights: What the task may read.
        entrance: Whose requests it answers, with which API key, and where it writes.
        stop_seconds: How long running requests are waited for.
        managed: Whether ECS keeps the machines, which have no folders of their own for tasks. Default: no.

    Attributes:
        role: Role of its containers.
        start_role: Role with which it is started.
        definition: The task definition.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        decided: FleetPlan,
        tools: ContainerImage,
        weights: Weights,
        entrance: Entrance,
        stop_seconds: int,
        managed: bool = False,
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        image, tools_image = decided.engine.image.bind(stack), tools.bind(stack)
        self.role = TaskRole(self, "Role", weights=weights)
        log_group = entrance.log_group
        self.start_role = StartRole(
            self, "StartRole", images=(image, tools_image), api_key=entrance.api_key, log_group=log_group
        )
        containers = Containers(
            decided=decided,
            image=image.uri,
            tools_image=tools_image.uri,
            log_group=log_group.log_group_name,
            region=stack.region,
            api_key=entrance.api_key.secret.secret_arn,
            managed=managed,
        )
        copies = decided.engine.weights is WeightsPath.COPIED
        definitions = [
            containers.engine(stop_seconds=stop_seconds),
            containers.tool(
                "probe",
                ["python3", "-c", boot_file("task_meter.py")] if managed else ["sh", "-c", _RUN_PROBE],
                environment=_probe_variables(decided, entrance.name),
                knows_api_key=True,
            ),
        ]
        volumes = [_folder("cache", CACHE)]
        if copies:
            definitions.append(
                containers.tool(
                    WEIGHTS,
                    ["aws", "s3", "sync", "--only-show-errors", decided.serving.weights_uri, MODEL_DIRECTORY],
                    start_seconds=decided.ready.grace_seconds,
                    mounts=[
                        ecs.CfnTaskDefinition.MountPointProperty(
                            source_volume=WEIGHTS, container_path=MODEL_DIRECTORY, read_only=False
                        )
                    ],
                )
            )
            # By folder, so that a task of the version before finds what it was started with.
            volumes.append(_folder(WEIGHTS, f"/var/lib/genai/weights/{weights.prefix}"))
        self.definition = ecs.CfnTaskDefinition(
            self,
            "Resource",
            requires_compatibilities=["MANAGED_INSTANCES" if managed else "EC2"],
            network_mode="awsvpc",
            task_role_arn=self.role.role_arn,
            execution_role_arn=self.start_role.role_arn,
            container_definitions=definitions,
            volumes=[_own(volume.name) for volume in volumes] + [_own(TEMPORARY)] if managed else volumes,
        )
        # A task that starts before its policies are there fails, and counts for the circuit breaker.
        self.definition.node.add_dependency(self.role, self.start_role)
        acknowledge(
            self.definition,
            "AwsSolutions-ECS2",
            reason="The variables are settings of the engine and the text of the probe, part of what a version of the "
            "task is; the one secret, the API key, comes from Secrets Manager.",
        )

    @property
    def container(self) -> str:
        """Name of the container that takes requests."""
        return ENGINE


def _folder(name: str, path: str) -> ecs.CfnTaskDefinition.VolumeProperty:
    return ecs.CfnTaskDefinition.VolumeProperty(
        name=name, host=ecs.CfnTaskDefinition.HostVolumePropertiesProperty(source_path=path)
    )


def _own(name: str | None) -> ecs.CfnTaskDefinition.VolumeProperty:
    """A volume of the task, gone with it; containers get it as their image has the folder."""
    return ecs.CfnTaskDefinition.VolumeProperty(name=name, host=ecs.CfnTaskDefinition.HostVolumePropertiesProperty())


def _probe_variables(decided: FleetPlan, name: str) -> Mapping[str, str]:
    engine = decided.engine
    probe = engine.probe(decided.serving.model_id)
    latency = {} if engine.latency_metric is None else {"PUBLISHED_LATENCY": engine.latency_metric}
    return {
        **latency,
        "DIMENSION": FLEET_DIMENSION,
        "FLEET": name,
        "HEALTH_PORT": str(HEALTH_PORT),
        "METER_PY": boot_file("meter.py"),
        "NAMESPACE": METRIC_NAMESPACE,
        "PORT": str(engine.port),
        "PROBE_BODY": probe.body,
        "PROBE_PATH": probe.path,
        "PROBE_PY": boot_file("probe.py"),
        "PROGRESS_METRICS": ",".join(probe.progress_metrics),
        "PUBLISHED_METRICS": json.dumps(dict(engine.published_metrics), sort_keys=True),
    }
