"""How a tuned model is measured, and what it must reach."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum

from aws_cdk import Duration

from genai_layers.catalog.ml_instances import MlUse
from genai_layers.jobs.fine_tuning.container import JobContainer
from genai_layers.jobs.fine_tuning.machines import Machines
from genai_layers.runtime.model_gate.standards import Standard


class JobKind(Enum):
    """What SageMaker runs an evaluation as."""

    PROCESSING = "processing"
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """
    Measures the tuned model and the base model on the same held-out records, in one job.

    The container finds `held_out`, `base_model` and `tuned_model` in `INPUT_DIR` and writes `evaluation.json` to
    `OUTPUT_DIR`: `{"records": 200, "base": {"accuracy": 0.71}, "tuned": {"accuracy": 0.84}}`.

    Attributes:
        container: What measures.
        machines: What it runs on, always one machine.
        standards: What must be reached; at least one.
        kind: What SageMaker runs it as.

    Example:
        Evaluator.processing(container, "ml.g6e.xlarge", standards=[Standard(metric="exact_match", least=0.6)])
    """

    container: JobContainer
    machines: Machines
    standards: tuple[Standard, ...]
    kind: JobKind

    @classmethod
    def processing(
        cls,
        container: JobContainer,
        instance_type: str,
        *,
        standards: Sequence[Standard],
        max_runtime: Duration | None = None,
        volume_gib: int = 200,
    ) -> Evaluator:
        """
        As a processing job, which SageMaker runs on CPU and NVIDIA machines.

        Args:
            container: What measures.
            instance_type: Name in SageMaker.
            standards: What must be reached.
            max_runtime: Longest run. Default: four hours.
            volume_gib: Disk, where the machine has none of its own.
        """
        return cls(
            container=container,
            machines=Machines(
                instance_type=instance_type,
                count=1,
                max_runtime=max_runtime or Duration.hours(4),
                volume_gib=volume_gib,
                use=MlUse.PROCESSING,
            ),
            standards=tuple(standards),
            kind=JobKind.PROCESSING,
        )

    @classmethod
    def training_job(
        cls,
        container: JobContainer,
        instance_type: str,
        *,
        standards: Sequence[Standard],
        max_runtime: Duration | None = None,
        volume_gib: int = 200,
    ) -> Evaluator:
        """
        As a training job, for what processing jobs cannot do: Trainium machines, and gated JumpStart models.

        Args:
            container: What measures.
            instance_type: Name in SageMaker.
            standards: What must be reached.
            max_runtime: Longest run. Default: four hours.
            volume_gib: Disk, where the machine has none of its own.
        """
        runtime = max_runtime or Duration.hours(4)
        return cls(
            container=container,
            machines=Machines.on_demand(instance_type, max_runtime=runtime, volume_gib=volume_gib),
            standards=tuple(standards),
            kind=JobKind.TRAINING,
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        faults = [*self.container.faults, *self.machines.faults]
        if not self.standards:
            faults.append("evaluator has no standards: a model that must reach nothing need not be measured")
        for standard in self.standards:
            values = (standard.least, standard.tolerance, standard.margin)
            if any(value is not None and not math.isfinite(value) for value in values):
                faults.append(f"standard {standard.metric!r} has a value that is no finite number")
            if standard.least is None and standard.tolerance is None:
                faults.append(f"standard {standard.metric!r} demands nothing: give least, tolerance, or both")
        return tuple(f"evaluator: {fault}" for fault in faults)

    def told(self) -> Mapping[str, str]:
        """Return what the gate is told, as JSON."""
        return {"STANDARDS": json.dumps([asdict(standard) for standard in self.standards])}
