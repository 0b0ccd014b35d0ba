"""How documents are cut into passages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

# CloudFormation schema of AWS::Bedrock::DataSource, 2026-10-20.
MAX_LEVEL_TOKENS = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunking:
    """
    One way to cut documents, made by one of the four factories.

    Attributes:
        strategy: FIXED_SIZE, HIERARCHICAL, SEMANTIC or NONE.
        settings: Its settings as CloudFormation wants them, by the name of their property.
        faults: What the service would refuse.
    """

    strategy: str
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @classmethod
    def fixed(cls, *, max_tokens: int = 300, overlap_percent: int = 20) -> Self:
        """
        Return passages of one size, the default: cheap, and good for most prose.

        Args:
            max_tokens: Tokens of a passage, >= 1. Default: 300, about a paragraph.
            overlap_percent: Part that neighbours share, 1 to 99. Default: 20, so that a sentence on the
                border is whole in one of them.
        """
        faults = [
            *_at_least_one("max_tokens", max_tokens),
            *_within("overlap_percent", overlap_percent, 1, 99),
        ]
        settings = {"maxTokens": max_tokens, "overlapPercentage": overlap_percent}
        return cls(strategy="FIXED_SIZE", settings={"fixedSizeChunkingConfiguration": settings}, faults=tuple(faults))

    @classmethod
    def hierarchical(cls, *, parent_tokens: int = 1500, child_tokens: int = 300, overlap_tokens: int = 60) -> Self:
        """
        Return small passages that are found and large ones around them that are answered from.

        Args:
            parent_tokens: Tokens of the large passages, up to 8,192.
            child_tokens: Tokens of the small passages, fewer than *parent_tokens*.
            overlap_tokens: Tokens that neighbours of a level share, fewer than *child_tokens*.
        """
        faults = [
            *_within("parent_tokens", parent_tokens, 1, MAX_LEVEL_TOKENS),
            *_within("child_tokens", child_tokens, 1, MAX_LEVEL_TOKENS),
            *_at_least_one("overlap_tokens", overlap_tokens),
        ]
        if child_tokens >= parent_tokens:
            faults.append(f"child_tokens {child_tokens} is not less than parent_tokens {parent_tokens}: lower it")
        if overlap_tokens >= child_tokens:
            faults.append(f"overlap_tokens {overlap_tokens} is not less than child_tokens {child_tokens}: lower it")
        settings = {
            "levelConfigurations": [{"maxTokens": parent_tokens}, {"maxTokens": child_tokens}],
            "overlapTokens": overlap_tokens,
        }
        return cls(
            strategy="HIERARCHICAL", settings={"hierarchicalChunkingConfiguration": settings}, faults=tuple(faults)
        )

    @classmethod
    def semantic(cls, *, max_tokens: int = 300, buffer_sentences: int = 0, breakpoint_percentile: int = 95) -> Self:
        """
        Return passages that end where the meaning changes; every sentence is embedded, which costs more.

        Args:
            max_tokens: Tokens of a passage, >= 1.
            buffer_sentences: Sentences before and after that are compared along, 0 or 1.
            breakpoint_percentile: How unlike two neighbours must be to be cut apart, 50 to 99.
        """
        faults = [
            *_at_least_one("max_tokens", max_tokens),
            *_within("buffer_sentences", buffer_sentences, 0, 1),
            *_within("breakpoint_percentile", breakpoint_percentile, 50, 99),
        ]
        settings = {
            "maxTokens": max_tokens,
            "bufferSize": buffer_sentences,
            "breakpointPercentileThreshold": breakpoint_percentile,
        }
        return cls(strategy="SEMANTIC", settings={"semanticChunkingConfiguration": settings}, faults=tuple(faults))

    @classmethod
    def none(cls) -> Self:
        """Return every file as one passage, for files that are cut already."""
        return cls(strategy="NONE")

    def render(self) -> dict[str, object]:
        """Return the chunking as CloudFormation wants it."""
        return {"chunkingStrategy": self.strategy, **self.settings}


def _within(name: str, value: int, low: int, high: int) -> list[str]:
    return [] if low <= value <= high else [f"{name} is {value}, allowed are {low} to {high}"]


def _at_least_one(name: str, value: int) -> list[str]:
    return [] if value >= 1 else [f"{name} is {value}, it must be at least 1"]
