"""
vLLM over several machines, by its own multi-node mode.
"""

from __future__ import annotations

from dataclasses import dataclass

from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines import Launch, Serving, Vllm, WeightsPath
from genai_layers.inference.engines.engine import MODEL_DIRECTORY
from genai_layers.inference.engines.vllm import VLLM_QUIET, vllm_arguments

# vLLM 0.18 left Ray out of what it installs; images older than that have no multi-node mode that is tried with it.
_OLDEST = (0, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmNodes(Vllm):
    """
    vLLM on NVIDIA GPUs of several machines: tensors split inside a machine, layers over the machines.

    Each machine copies the weights to its disk, since a stage reads its own layers of them and nobody else's.
    The machines find each other without Ray, whose ports would run anybody's code.

    Example:
        VllmNodes(extra_arguments=("--enable-prefix-caching",))
    """

    name = "vLLM over several machines"
    weights = WeightsPath.COPIED
    spans_machines = True
    # Joining, compiling and capturing graphs in each stage of a model of several hundred 10^9 parameters: our estimate.
    warm_up_seconds = 600

    @property
    def version_faults(self) -> tuple[str, ...]:
        """Why its image cannot serve over several machines: it is too old."""
        numbers = tuple(int(part) for part in self.image.version.split("-")[0].split(".")[:2] if part.isdigit())
        if len(numbers) == 2 and numbers < _OLDEST:
            return (
                f"the image has vLLM {'.'.join(map(str, numbers))}, and {self.name} needs "
                f"{'.'.join(map(str, _OLDEST))} or newer: leave image out for the newest of the catalog",
            )
        return ()

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*; each machine adds its rank and the leader's address."""
        fit = serving.fit
        return Launch(
            entrypoint="vllm",
            arguments=(
                *vllm_arguments(serving, [MODEL_DIRECTORY], self.port),
                "--pipeline-parallel-size",
                str(fit.replicas),
                "--distributed-executor-backend",
                "mp",
                "--nnodes",
                str(machines_of(fit)),
                *self.extra_arguments,
            ),
            environment={
                **VLLM_QUIET,
                "VLLM_CACHE_ROOT": "/cache/vllm",
                "AWS_EC2_METADATA_DISABLED": "true",
                # aws-ofi-nccl documentation: libfabric over EFA, with reads straight into GPU memory.
                "FI_PROVIDER": "efa",
                "FI_EFA_USE_DEVICE_RDMA": "1",
            },
        )


def machines_of(fit: Fit) -> int:
    """
    Machines that the stages of *fit* fill.

    Args:
        fit: Stages of a group.
    """
    machine = fit.instance
    return fit.devices_used // (machine.accelerator_count * machine.accelerator.cores)
