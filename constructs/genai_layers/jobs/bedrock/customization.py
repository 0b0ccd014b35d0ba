"""The ways to customize a model, as one value each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from genai_layers.jobs.bedrock.interfaces import IRunnableModel
from genai_layers.jobs.bedrock.service_role import JobRole

_KEY = re.compile(r"[a-z][A-Za-z0-9]*")
_WHOLE = re.compile(r"\d+")
_NUMBER = re.compile(r"\d+(\.\d+)?([eE]-?\d+)?")

# Bedrock user guide, "Custom model hyperparameters": what the models share, and how each value is written.
_FORMS = {
    "batchSize": _WHOLE,
    "earlyStoppingPatience": _WHOLE,
    "earlyStoppingThreshold": _NUMBER,
    "epochCount": _WHOLE,
    "evalPercentage": _NUMBER,
    "learningRate": _NUMBER,
    "learningRateMultiplier": _NUMBER,
    "learningRateWarmupSteps": _WHOLE,
}


class Customization(Protocol):
    """A way to customize a model."""

    @property
    def type(self) -> str:
        """Way, in the words of the service."""
        ...

    @property
    def hyper_parameters(self) -> Mapping[str, str]:
        """Hyper-parameters of the job, as the service wants them: strings."""
        ...

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ...

    def render(self) -> Mapping[str, object] | None:
        """Return the settings of this way alone, or None where there are none."""
        ...

    def permit(self, role: JobRole) -> None:
        """Let the role of the job do what this way needs, beyond reading and writing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuning:
    """
    Learns from pairs of a prompt and a good answer.

    Attributes:
        hyper_parameters: Such as `{"epochCount": "2", "learningRate": "0.00001"}`. Default: those of the model.
    """

    hyper_parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Way, in the words of the service."""
        return "FINE_TUNING"

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        return hyper_parameter_faults(self.hyper_parameters)

    def render(self) -> None:
        """Return None: there is nothing more to say."""

    def permit(self, role: JobRole) -> None:
        """Do nothing: the role reads and writes, and that is all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedPreTraining:
    """
    Learns the language of a field from plain text.

    Attributes:
        hyper_parameters: Such as `{"epochCount": "1"}`. Default: those of the model.
    """

    hyper_parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Way, in the words of the service."""
        return "CONTINUED_PRE_TRAINING"

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        return hyper_parameter_faults(self.hyper_parameters)

    def render(self) -> None:
        """Return None: there is nothing more to say."""

    def permit(self, role: JobRole) -> None:
        """Do nothing: the role reads and writes, and that is all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distillation:
    """
    A small model learns from the answers that a large one gives to your prompts.

    Attributes:
        teacher: The large model; its tokens are paid for too.
        max_response_tokens: Longest answer of the teacher. Default: what the service chooses.
        hyper_parameters: Default: those of the model.
    """

    teacher: IRunnableModel
    max_response_tokens: int | None = None
    hyper_parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Way, in the words of the service."""
        return "DISTILLATION"

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = hyper_parameter_faults(self.hyper_parameters)
        if self.max_response_tokens is not None and self.max_response_tokens < 1:
            faults.append(f"max_response_tokens is {self.max_response_tokens}: give 1 or more, or leave it out")
        return faults

    def render(self) -> Mapping[str, object]:
        """Return the teacher."""
        teacher: dict[str, object] = {"TeacherModelIdentifier": self.teacher.arns[0]}
        if self.max_response_tokens is not None:
            teacher["MaxResponseLengthForInference"] = self.max_response_tokens
        return {"DistillationConfig": {"TeacherModelConfig": teacher}}

    def permit(self, role: JobRole) -> None:
        """Let the job ask the teacher, one by one and in batches."""
        self.teacher.grant_invoke(role)
        role.permit_batches(self.teacher.arns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinforcementFineTuning:
    """
    Learns from the marks that a function of yours gives to its answers.

    Attributes:
        grader: The function; Bedrock calls it with answers and reads a mark.
        epochs: How often all prompts are gone through, 1 to 50. Default: what the service chooses.
        batch_size: Prompts in a step, 16 to 512. Default: what the service chooses.
        learning_rate: 1e-7 to 1e-3. Default: what the service chooses.
        max_prompt_tokens: Longest prompt. Default: what the service chooses.
        samples_per_prompt: Answers to each prompt, 2 to 16. Default: what the service chooses.
        max_answer_tokens: Longest answer. Default: what the service chooses.
        reasoning_effort: `low`, `medium` or `high`. Default: what the service chooses.
        evaluate_every: Steps between two evaluations, 1 to 100. Default: what the service chooses.
    """

    grader: lambda_.IFunction
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    max_prompt_tokens: int | None = None
    samples_per_prompt: int | None = None
    max_answer_tokens: int | None = None
    reasoning_effort: str | None = None
    evaluate_every: int | None = None

    @property
    def type(self) -> str:
        """Way, in the words of the service."""
        return "REINFORCEMENT_FINE_TUNING"

    @property
    def hyper_parameters(self) -> Mapping[str, str]:
        """None: this way has numbers of its own."""
        return {}

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ranges = (
            ("epochs", self.epochs, 1, 50),
            ("batch_size", self.batch_size, 16, 512),
            ("learning_rate", self.learning_rate, 1e-7, 1e-3),
            ("samples_per_prompt", self.samples_per_prompt, 2, 16),
            ("evaluate_every", self.evaluate_every, 1, 100),
        )
        faults = [
            f"{name} is {value:g}, allowed are {low:g} to {high:g}"
            for name, value, low, high in ranges
            if value is not None and not low <= value <= high
        ]
        if self.reasoning_effort not in (None, "low", "medium", "high"):
            faults.append(f"reasoning_effort is {self.reasoning_effort!r}: choose low, medium or high")
        return faults

    def render(self) -> Mapping[str, object]:
        """Return the grader and the numbers."""
        numbers = {
            "EpochCount": self.epochs,
            "BatchSize": self.batch_size,
            "LearningRate": self.learning_rate,
            "MaxPromptLength": self.max_prompt_tokens,
            "TrainingSamplePerPrompt": self.samples_per_prompt,
            "InferenceMaxTokens": self.max_answer_tokens,
            "ReasoningEffort": self.reasoning_effort,
            "EvalInterval": self.evaluate_every,
        }
        given = {name: value for name, value in numbers.items() if value is not None}
        grader = {"GraderConfig": {"LambdaGrader": {"LambdaArn": self.grader.function_arn}}}
        return {"RftConfig": {**grader, **({"HyperParameters": given} if given else {})}}

    def permit(self, role: JobRole) -> None:
        """Let the job call the grader."""
        role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[self.grader.function_arn]))


def hyper_parameter_faults(given: Mapping[str, str]) -> list[str]:
    """
    Return what is wrong with hyper-parameters: Bedrock takes strings, and refuses the job hours later if not.

    Args:
        given: Values by name.
    """
    faults = []
    for name, value in given.items():
        form = _FORMS.get(name)
        if not isinstance(value, str):
            faults.append(f"hyper-parameter {name} is {value!r}: Bedrock takes strings, write {str(value)!r}")
        elif not _KEY.fullmatch(name):
            faults.append(f"hyper-parameter {name!r} is no name that Bedrock knows: write it like 'epochCount'")
        elif not value or (form is not None and not form.fullmatch(value)):
            number = "a whole number" if form is _WHOLE else "a number"
            faults.append(f"hyper-parameter {name} is {value!r}: write {number} as a string, such as '1'")
    return faults
