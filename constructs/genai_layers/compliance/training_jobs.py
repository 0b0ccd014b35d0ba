"""Jobs of SageMaker that a template starts later: in the tasks of state machines and the steps of pipelines."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from genai_layers.compliance.template import Resource, flat, mapping, text

TYPES = ("AWS::SageMaker::Pipeline", "AWS::StepFunctions::StateMachine")
"""Types that start jobs."""

_TRAINING, _PROCESSING = "createtrainingjob", "createprocessingjob"
_STEPS = {"Training": _TRAINING, "Processing": _PROCESSING}


@dataclass(frozen=True, slots=True)
class Job:
    """
    The request for one job.

    Attributes:
        is_training: Whether it trains; otherwise it processes.
        request: Arguments of the call; `${Name}` stands for a reference to a resource.
    """

    is_training: bool
    request: Mapping[str, object]

    def get(self, *path: str) -> object:
        """Return what the request says at *path*, also where an expression gives it."""
        value: object = self.request
        for name in path:
            holder = mapping(value)
            value = holder.get(name, holder.get(f"{name}.$"))
        return value


def jobs(resource: Resource) -> tuple[Job, ...]:
    """Return the jobs that a resource starts."""
    return tuple(
        Job(operation == _TRAINING, request)
        for operation in (_TRAINING, _PROCESSING)
        for request in requests(resource, operation)
    )


def requests(resource: Resource, operation: str) -> tuple[Mapping[str, object], ...]:
    """
    Return the arguments of every call to SageMaker that a resource makes later.

    Args:
        resource: A state machine or a pipeline.
        operation: Name of the call, in lower case.
    """
    return tuple(
        mapping(each.get("Parameters") or each.get("Arguments"))
        for each in _walk(_body(resource))
        if _operation(each) == operation
    )


def _operation(state: Mapping[str, object]) -> str:
    words = (text(state.get("Resource")) or "").lower().split(":")
    if "sagemaker" in words:
        return words[-1].partition(".")[0]
    return _STEPS.get(str(state.get("Type")), "") if "Resource" not in state else ""


def _body(resource: Resource) -> object:
    if resource.type == "AWS::SageMaker::Pipeline":
        definition = resource.get("PipelineDefinition", "PipelineDefinitionBody")
    else:
        definition = resource.get("DefinitionString") or resource.get("Definition")
    if isinstance(definition, Mapping) and not {"Fn::Join", "Fn::Sub"} & set(definition):
        return definition
    try:
        return json.loads(flat(definition))
    except ValueError:
        return None


def _walk(value: object) -> Iterator[Mapping[str, object]]:
    """Yield every mapping that may be a state or a step, those of maps and branches included."""
    if isinstance(value, Mapping):
        if "Type" in value:
            yield value
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)
