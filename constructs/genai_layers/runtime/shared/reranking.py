"""What a search says so that its passages are put into a better order."""

from __future__ import annotations

from typing import Any

SEARCHED_FOR_EACH = 4
"""Passages that the search finds for each one that is kept; a reranker can only promote what was found."""

MOST_PASSAGES = 100
"""What one search finds at the most (API model of bedrock-agent-runtime 2023-07-26)."""


def reranked(model_arn: str, *, keep: int) -> dict[str, Any]:
    """
    Return the part of a `vectorSearchConfiguration` that searches for more and keeps the best.

    Args:
        model_arn: The reranking model.
        keep: Passages to keep.
    """
    return {
        "numberOfResults": min(keep * SEARCHED_FOR_EACH, MOST_PASSAGES),
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {
                "modelConfiguration": {"modelArn": model_arn},
                "numberOfRerankedResults": keep,
            },
        },
    }
