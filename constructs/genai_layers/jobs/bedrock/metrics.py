"""What an evaluation measures, and what is good enough."""

from dataclasses import dataclass

# Bedrock user guide, "Metrics for evaluations" of each kind; read in the API's samples on 2026-11-25.
BY_ALGORITHM = frozenset({"Accuracy", "Robustness", "Toxicity"})
OF_ANSWERS = frozenset(
    {
        "Coherence",
        "Completeness",
        "Correctness",
        "Faithfulness",
        "FollowingInstructions",
        "Harmfulness",
        "Helpfulness",
        "ProfessionalStyleAndTone",
        "Refusal",
        "Relevance",
        "Stereotyping",
    }
)
OF_RETRIEVAL = frozenset({"ContextCoverage", "ContextRelevance"})
OF_RETRIEVED_ANSWERS = frozenset(
    {
        "CitationCoverage",
        "CitationPrecision",
        "Completeness",
        "Correctness",
        "Faithfulness",
        "Harmfulness",
        "Helpfulness",
        "LogicalCoherence",
        "Refusal",
        "Stereotyping",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """
    What the mean of a metric must be, over all records.

    Of harm, stereotypes, refusals, toxicity and robustness less is better; of the others more is.

    Attributes:
        metric: Name without `Builtin.`, such as `Correctness`.
        at_least: Lowest mean that is good enough. Default: no such bound.
        at_most: Highest. Default: no such bound.
    """

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        if self.at_least is None and self.at_most is None:
            return [f"the threshold of {self.metric} has no bound: give at_least or at_most"]
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            return [f"the threshold of {self.metric} wants {self.at_least:g} to {self.at_most:g}: lower at_least"]
        return []

    def render(self) -> dict[str, object]:
        """Return it as the gate takes it."""
        return {"metric": self.metric, "at_least": self.at_least, "at_most": self.at_most}
