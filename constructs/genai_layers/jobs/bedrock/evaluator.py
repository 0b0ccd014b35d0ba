"""Who gives the marks of an evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from genai_layers.jobs.bedrock.interfaces import IRunnableModel
from genai_layers.jobs.bedrock.metrics import BY_ALGORITHM
from genai_layers.jobs.bedrock.service_role import JobRole
from genai_layers.jobs.bedrock.subject import Subject

_TASKS = ("Classification", "Custom", "Generation", "QuestionAndAnswer", "Summarization")
_MODELS = "ModelEvaluation"


class Evaluator(Protocol):
    """Who gives the marks."""

    @property
    def arns(self) -> Sequence[str]:
        """Models that the evaluation runs for it."""
        ...

    def metrics(self, subject: Subject) -> frozenset[str]:
        """Return what it can say of *subject*."""
        ...

    def task(self, subject: Subject) -> str:
        """Return the task, in the words of the service."""
        ...

    def faults(self, subject: Subject) -> list[str]:
        """Return why it cannot say anything of *subject*."""
        ...

    def render(self) -> Mapping[str, object]:
        """Return its settings as the service wants them."""
        ...

    def permit(self, role: JobRole) -> None:
        """Let the evaluation run it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """
    Compares answers of a model with the dataset by rules; costs nothing beyond the answers.

    Attributes:
        of: Task that the prompts are, such as `QuestionAndAnswer`.
    """

    of: str = "QuestionAndAnswer"

    @property
    def arns(self) -> Sequence[str]:
        """None: no model is run for it."""
        return ()

    def metrics(self, subject: Subject) -> frozenset[str]:  # noqa: ARG002 - the same for all
        """Return what it can say of *subject*."""
        return BY_ALGORITHM

    def task(self, subject: Subject) -> str:  # noqa: ARG002 - the same for all
        """Return the task, in the words of the service."""
        return self.of

    def faults(self, subject: Subject) -> list[str]:
        """Return why it cannot say anything of *subject*."""
        faults = [] if self.of in _TASKS else [f"the task is {self.of!r}: choose {', '.join(_TASKS)}"]
        if subject.application != _MODELS:
            faults.append("an algorithm cannot mark what a knowledge base finds: take a Judge")
        return faults

    def render(self) -> Mapping[str, object]:
        """Return nothing: there are no settings."""
        return {}

    def permit(self, role: JobRole) -> None:
        """Do nothing: nothing is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """
    A model that marks answers and says why; its tokens are paid for.

    Attributes:
        model: The model, at least as able as the one that it judges.
    """

    model: IRunnableModel

    @property
    def arns(self) -> Sequence[str]:
        """Models that the evaluation runs for it."""
        return self.model.arns

    def metrics(self, subject: Subject) -> frozenset[str]:
        """Return what it can say of *subject*."""
        return subject.judged_metrics

    def task(self, subject: Subject) -> str:
        """
        Return the task, in the words of the service.

        The API's own list lacks `General`, and its samples say that judging a model must have it.
        """
        return "General" if subject.application == _MODELS else "QuestionAndAnswer"

    def faults(self, subject: Subject) -> list[str]:  # noqa: ARG002 - the same for all
        """Return nothing: a judge can say something of everything."""
        return []

    def render(self) -> Mapping[str, object]:
        """Return its settings as the service wants them."""
        return {"EvaluatorModelConfig": {"BedrockEvaluatorModels": [{"ModelIdentifier": self.model.model_id}]}}

    def permit(self, role: JobRole) -> None:
        """Let the evaluation run the judge."""
        self.model.grant_invoke(role)
        role.permit_batches(self.model.arns)
