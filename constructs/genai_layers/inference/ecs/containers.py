"""
The containers of a task, all with the same restrictions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_ecs as ecs

from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference.engines import WeightsPath
from genai_layers.inference.engines.engine import MODEL_DIRECTORY
from genai_layers.inference.fleet_plan import FleetPlan

ENGINE = "engine"
"""Name of the container that takes requests."""

WEIGHTS = "weights"
"""Name of the container that copies weights, and of their volume."""

TEMPORARY = "temporary"
"""Name of the volume in place of a memory file system, where there is none."""

CACHE = "/var/lib/genai/cache"
"""Folder of the machine that outlives a task: compiled graphs."""

_Container = ecs.CfnTaskDefinition.ContainerDefinitionProperty
_Linux = ecs.CfnTaskDefinition.LinuxParametersProperty
_Mount = ecs.CfnTaskDefinition.MountPointProperty
_Secret = ecs.CfnTaskDefinition.SecretProperty

# Docker's default of 64 MiB is too little for the processes of one engine; this is a limit, taken only as used.
_SHARED_MEMORY_PART = 4
_TEMPORARY_PART = 8
# More than half, so that a machine never gets two; less than all, since the agent keeps some for itself.
_RESERVED_SHARE = 0.6
_TOOL_MIB = 512
# The user that owns nothing, in every Linux image.
_NOBODY = "65534:65534"


@dataclass(frozen=True, slots=True, kw_only=True)
class Containers:
    """
    What the containers of one task have in common.

    Attributes:
        decided: The fleet's decisions.
        image: The engine's image.
        tools_image: Image of what runs beside it.
        log_group: Where they write.
        region: Where they run.
        api_key: ARN of the API key's secret.
        managed: Whether ECS keeps the machines, where tasks have no memory file system and no shared memory to size.
    """

    decided: FleetPlan
    image: str
    tools_image: str
    log_group: str
    region: str
    api_key: str
    managed: bool = False

    def engine(self, *, stop_seconds: int) -> ecs.CfnTaskDefinition.ContainerDefinitionProperty:
        """
        Return the engine, with every accelerator of its machine.

        Args:
            stop_seconds: How long running requests are waited for.
        """
        engine = self.decided.engine
        launch = engine.launch(self.decided.serving)
        smallest_mib = min(type_.memory_mib for type_ in self.decided.placement.types)
        count = self.decided.placement.first.instance.accelerator_count
        copies = engine.weights is WeightsPath.COPIED
        is_nvidia = engine.vendor is Vendor.NVIDIA
        mounts = [_Mount(source_volume="cache", container_path="/cache", read_only=False)]
        if copies:
            mounts.append(_Mount(source_volume=WEIGHTS, container_path=MODEL_DIRECTORY, read_only=True))
        if self.managed:
            mounts.append(_Mount(source_volume=TEMPORARY, container_path="/tmp", read_only=False))  # noqa: S108 - a volume
        return _Container(
            name=ENGINE,
            image=self.image,
            essential=True,
            entry_point=[launch.entrypoint] if launch.entrypoint else None,
            command=list(launch.arguments) or None,
            environment=_variables(
                {
                    **launch.environment,
                    "AWS_REGION": self.region,
                    "HOME": "/cache",
                    "XDG_CACHE_HOME": "/cache",
                }
            ),
            secrets=[_Secret(name=engine.api_key_variable, value_from=self.api_key)],
            port_mappings=[ecs.CfnTaskDefinition.PortMappingProperty(container_port=engine.port, protocol="tcp")],
            resource_requirements=[ecs.CfnTaskDefinition.ResourceRequirementProperty(type="GPU", value=str(count))]
            if is_nvidia
            else None,
            linux_parameters=_linux(
                temporary_mib=None if self.managed else smallest_mib // _TEMPORARY_PART,
                shared_mib=None if self.managed else smallest_mib // _SHARED_MEMORY_PART,
                devices=() if is_nvidia else tuple(f"/dev/neuron{number}" for number in range(count)),
            ),
            mount_points=mounts,
            memory_reservation=int(smallest_mib * _RESERVED_SHARE),
            depends_on=[ecs.CfnTaskDefinition.ContainerDependencyProperty(container_name=WEIGHTS, condition="SUCCESS")]
            if copies
            else None,
            stop_timeout=stop_seconds,
            ulimits=[ecs.CfnTaskDefinition.UlimitProperty(name="nofile", soft_limit=65535, hard_limit=65535)],
            docker_security_options=None if self.managed else ["no-new-privileges"],
            privileged=False,
            readonly_root_filesystem=True,
            log_configuration=self._log(ENGINE),
        )

    def tool(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        mounts: Sequence[ecs.CfnTaskDefinition.MountPointProperty] = (),
        knows_api_key: bool = False,
        start_seconds: int | None = None,
    ) -> ecs.CfnTaskDefinition.ContainerDefinitionProperty:
        """
        Return a small container beside the engine.

        Args:
            name: Its name.
            command: Program and arguments.
            environment: Its variables. Default: none but the region.
            mounts: Folders that it writes, as the owner of the folder. Default: none, and it runs as nobody.
            knows_api_key: Whether it has the API key, as `API_KEY`. Default: no.
            start_seconds: It ends by itself, within this time. Default: it runs as long as the task.
        """
        ends = start_seconds is not None
        return _Container(
            name=name,
            image=self.tools_image,
            essential=not ends,
            entry_point=[command[0]],
            command=list(command[1:]),
            environment=_variables({**(environment or {}), "AWS_REGION": self.region, "HOME": "/tmp"}),  # noqa: S108 - a tmpfs
            secrets=[_Secret(name="API_KEY", value_from=self.api_key)] if knows_api_key else None,
            user=None if mounts else _NOBODY,
            linux_parameters=_linux(temporary_mib=None if self.managed else 64),
            mount_points=list(mounts) or None,
            memory=_TOOL_MIB,
            start_timeout=start_seconds,
            docker_security_options=None if self.managed else ["no-new-privileges"],
            privileged=False,
            readonly_root_filesystem=True,
            log_configuration=self._log(name),
        )

    def _log(self, name: str) -> ecs.CfnTaskDefinition.LogConfigurationProperty:
        return ecs.CfnTaskDefinition.LogConfigurationProperty(
            log_driver="awslogs",
            options={
                "awslogs-group": self.log_group,
                "awslogs-region": self.region,
                "awslogs-stream-prefix": name,
                "mode": "non-blocking",
                "max-buffer-size": "16m",
            },
        )


def _variables(values: Mapping[str, str]) -> list[ecs.CfnTaskDefinition.KeyValuePairProperty]:
    return [ecs.CfnTaskDefinition.KeyValuePairProperty(name=name, value=values[name]) for name in sorted(values)]


def _linux(
    *, temporary_mib: int | None, shared_mib: int | None = None, devices: tuple[str, ...] = ()
) -> ecs.CfnTaskDefinition.LinuxParametersProperty:
    return _Linux(
        capabilities=ecs.CfnTaskDefinition.KernelCapabilitiesProperty(drop=["ALL"]),
        devices=[ecs.CfnTaskDefinition.DeviceProperty(host_path=path, container_path=path) for path in devices] or None,
        init_process_enabled=True,
        shared_memory_size=shared_mib,
        tmpfs=None
        if temporary_mib is None
        else [
            ecs.CfnTaskDefinition.TmpfsProperty(
                container_path="/tmp",  # noqa: S108 - in the container's own memory
                size=temporary_mib,
                mount_options=["rw", "exec", "nosuid", "nodev"],
            )
        ],
    )
