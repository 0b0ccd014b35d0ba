"""Every fault of a pipeline, found before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from genai_layers.catalog.accelerators import Vendor
from genai_layers.jobs.fine_tuning.base_model import BaseModel
from genai_layers.jobs.fine_tuning.container import JobContainer
from genai_layers.jobs.fine_tuning.data_rules import DataRules
from genai_layers.jobs.fine_tuning.errors import FineTuningError
from genai_layers.jobs.fine_tuning.evaluation import Evaluator, JobKind
from genai_layers.jobs.fine_tuning.machines import Machines
from genai_layers.jobs.fine_tuning.method import TuningMethod
from genai_layers.jobs.fine_tuning.model_card import ModelCardFacts
from genai_layers.jobs.fine_tuning.starts import Start


class _Checked(Protocol):
    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        ...


def check(
    base_model: BaseModel,
    trainer: JobContainer,
    machines: Machines,
    evaluator: Evaluator,
    card: ModelCardFacts,
    method: TuningMethod,
    rules: DataRules,
    starts: Sequence[Start],
) -> None:
    """
    Raise unless the parts are right, and right for one another.

    Raises:
        FineTuningError: Names every fault.
    """
    # Types are no promise in Python, and a cluster beside machines invites to try.
    if not isinstance(machines, Machines):
        raise FineTuningError([_no_machines(machines)])
    own: tuple[_Checked, ...] = (base_model, trainer, machines, evaluator, card, method, rules, *starts)
    faults = [fault for part in own for fault in part.faults]
    if not machines.faults:
        faults += _image_faults("trainer", trainer, machines)
        faults += _neuron_faults(method, machines)
    if not evaluator.machines.faults:
        faults += _image_faults("evaluator", evaluator.container, evaluator.machines)
    if evaluator.machines.count != 1:
        faults.append(f"evaluator has {evaluator.machines.count} machines: measure on one")
    if base_model.is_gated and evaluator.kind is JobKind.PROCESSING:
        faults.append(
            "base_model is a gated JumpStart model, which SageMaker hands to training jobs only: "
            "take Evaluator.training_job"
        )
    taken = sorted(set(trainer.settings) & set(method.hyperparameters))
    if taken:
        faults.append(f"trainer settings name {', '.join(taken)}, which the method sets: change them there")
    if faults:
        raise FineTuningError(faults)


def _no_machines(given: object) -> str:
    return (
        f"machines is a {type(given).__name__}: SageMaker has no call that starts a job on a standing cluster, so give "
        "Machines.cluster(...), which are there for one job, or submit to Slurm and register the model by hand"
    )


def _image_faults(what: str, container: JobContainer, machines: Machines) -> list[str]:
    built, carried = container.image.vendor, machines.vendor
    if built is carried or built is None:
        return []
    carries = f"carries {carried}" if carried is not None else "carries no accelerator"
    return [
        f"{what} image is built for {built}, and instance_type {machines.instance_type!r} {carries}: change one of them"
    ]


def _neuron_faults(method: TuningMethod, machines: Machines) -> list[str]:
    if machines.vendor is not Vendor.NEURON or method.tensor_parallel is not None:
        return []
    return [
        f"instance_type {machines.instance_type!r} carries Neuron cores, and method has no tensor_parallel: "
        "say how many cores share one copy of the model"
    ]
