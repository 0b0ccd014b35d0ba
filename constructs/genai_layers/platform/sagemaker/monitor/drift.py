"""What an endpoint is watched for."""

from dataclasses import dataclass, field
from enum import Enum

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

from genai_layers.foundation.nag import MINIMUM_REASON, says_why

_LONGEST_DELAY_HOURS = 30 * 24


class Kind(Enum):
    """The four monitors, as SageMaker calls them."""

    DATA = "DataQuality"
    QUALITY = "ModelQuality"
    BIAS = "ModelBias"
    EXPLANATION = "ModelExplainability"

    @property
    def image(self) -> str:
        """Name of the image in the catalog."""
        return "model-monitor" if self in (Kind.DATA, Kind.QUALITY) else "clarify"

    @property
    def namespace(self) -> str:
        """Namespace of what it writes to CloudWatch (developer guide, on the metrics of each monitor)."""
        words = {Kind.DATA: "data", Kind.QUALITY: "model", Kind.BIAS: "bias", Kind.EXPLANATION: "explainability"}
        return f"aws/sagemaker/Endpoints/{words[self]}-metrics"


class Problem(Enum):
    """What a model decides, as SageMaker calls it."""

    BINARY = "BinaryClassification"
    MULTICLASS = "MulticlassClassification"
    REGRESSION = "Regression"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundTruth:
    """
    What was right, told later; SageMaker merges it with what was answered, by the event id of the request.

    Attributes:
        bucket: Where labels are put, as `<prefix>/yyyy/mm/dd/hh/*.jsonl`.
        prefix: Folder in the bucket, without a slash at either end.
        delay: How long labels may take, whole hours up to 30 days; a run looks that far back. Default: one day.
    """

    bucket: s3.IBucket
    prefix: str = "labels"
    delay: Duration = field(default_factory=lambda: Duration.days(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """
    What an endpoint is watched for; make one with the class methods.

    Attributes:
        kind: Which monitor.
        problem: What the model decides, for its quality.
        answer: Where the answer stands in a captured record, such as `0` or `label`.
        probability: Where its probability stands; None where there is none.
        threshold: Probability from which a binary answer counts as yes; None for what the model says.
        ground_truth: What was right, for quality and bias.
        config_key: Object of the monitor's bucket with the analysis of Clarify, for bias and explanations.
        network_access_reason: Why the job may use the network, for explanations.
    """

    kind: Kind
    problem: Problem | None = None
    answer: str | None = None
    probability: str | None = None
    threshold: float | None = None
    ground_truth: GroundTruth | None = None
    config_key: str | None = None
    network_access_reason: str | None = None

    @classmethod
    def of_data(cls) -> "Drift":
        """Return whether requests still look like the data that the model was made with."""
        return cls(kind=Kind.DATA)

    @classmethod
    def of_quality(
        cls,
        problem: Problem,
        ground_truth: GroundTruth,
        *,
        answer: str | None = None,
        probability: str | None = None,
        threshold: float | None = None,
    ) -> "Drift":
        """
        Return whether answers are still as often right.

        Args:
            problem: What the model decides.
            ground_truth: What was right.
            answer: Where the answer stands in a captured record. Default: nowhere; give *probability* then.
            probability: Where its probability stands. Default: nowhere.
            threshold: Probability from which a binary answer counts as yes. Default: none.
        """
        return cls(
            kind=Kind.QUALITY,
            problem=problem,
            ground_truth=ground_truth,
            answer=answer,
            probability=probability,
            threshold=threshold,
        )

    @classmethod
    def of_bias(cls, ground_truth: GroundTruth, *, config_key: str, answer: str) -> "Drift":
        """
        Return whether answers come to differ between groups of people.

        Args:
            ground_truth: What was right.
            config_key: Object of the monitor's bucket that names groups and measures (`analysis_config.json`).
            answer: Where the answer stands in a captured record.
        """
        return cls(kind=Kind.BIAS, ground_truth=ground_truth, config_key=config_key, answer=answer)

    @classmethod
    def of_explanation(cls, *, config_key: str, network_access_reason: str) -> "Drift":
        """
        Return whether the model comes to decide by other features.

        Args:
            config_key: Object of the monitor's bucket that names baseline and model (`analysis_config.json`).
            network_access_reason: Why the job may use the network: it asks a copy of the model that it starts for
                itself, through the endpoints of SageMaker in the network.
        """
        return cls(kind=Kind.EXPLANATION, config_key=config_key, network_access_reason=network_access_reason)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        found = []
        if self.kind is Kind.QUALITY and self.answer is None and self.probability is None:
            found.append("drift of quality has neither answer nor probability: say where one stands in a record")
        if self.threshold is not None and (not 0 < self.threshold < 1 or self.probability is None):
            found.append(
                f"drift of quality has threshold {self.threshold}: choose above 0 and below 1, with probability"
            )
        if self.ground_truth is not None:
            prefix, hours = self.ground_truth.prefix, self.ground_truth.delay.to_seconds() / 3600
            if not prefix or prefix.strip("/") != prefix:
                found.append(f"ground truth prefix is {prefix!r}: name a folder without a slash at either end")
            if not hours.is_integer() or not 1 <= hours <= _LONGEST_DELAY_HOURS:
                found.append(f"ground truth delay is {hours:g} hours: choose 1 to {_LONGEST_DELAY_HOURS} whole hours")
        if self.config_key is not None and not self.config_key.endswith(".json"):
            found.append(f"config_key is {self.config_key!r}: name a .json file of the monitor's bucket")
        if self.network_access_reason is not None and not says_why(self.network_access_reason):
            found.append(
                f"network_access_reason is {self.network_access_reason!r}: say why in {MINIMUM_REASON} characters or "
                "more"
            )
        return found

    def endpoint_input(self, endpoint_name: str, local_path: str, *, window_hours: int) -> dict[str, object]:
        """
        Return what is read of the endpoint, as CloudFormation wants it.

        Args:
            endpoint_name: Name of the endpoint.
            local_path: Where the container finds it.
            window_hours: Hours that one run looks at.
        """
        found: dict[str, object] = {"endpointName": endpoint_name, "localPath": local_path, "s3InputMode": "File"}
        if self.answer is not None:
            found["inferenceAttribute"] = self.answer
        if self.probability is not None:
            found["probabilityAttribute"] = self.probability
        if self.threshold is not None:
            found["probabilityThresholdAttribute"] = self.threshold
        if self.ground_truth is not None:
            # A run looks at a time for which the labels have come.
            delay = self.ground_truth.delay.to_hours()
            found |= {"startTimeOffset": f"-PT{delay + window_hours:g}H", "endTimeOffset": f"-PT{delay:g}H"}
        return found
