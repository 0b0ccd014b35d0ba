"""
Checks that need facts about AWS: what a region has, what a machine holds, which models there are.

They run after the shape of the settings is right, and report together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from genai_layers.catalog import bedrock, instances, models, regions, sizing
from genai_layers.catalog.errors import CatalogError
from genai_layers.settings.errors import Fault
from genai_layers.settings.settings import Settings


def fact_faults(settings: Settings) -> list[Fault]:
    """Every setting that the facts contradict."""
    return [*_region(settings), *_models(settings), *_machines(settings)]


def _try(path: str, check: Callable[[], object]) -> Iterator[Fault]:
    try:
        check()
    except CatalogError as fault:
        yield Fault(path, str(fault))


def _region(settings: Settings) -> Iterator[Fault]:
    for feature in ("AWS::Bedrock::Guardrail", "AWS::Bedrock::KnowledgeBase", "AWS::S3Vectors::Index"):
        yield from _try("region", lambda feature=feature: regions.require(settings.region, feature))  # type: ignore[misc]


def _models(settings: Settings) -> Iterator[Fault]:
    yield from _try("platform.model", lambda: bedrock.get(settings.platform.model))
    yield from _try("platform.embedding_model", lambda: bedrock.get(settings.platform.embedding_model))


def _machines(settings: Settings) -> Iterator[Fault]:
    wanted = settings.inference
    if not wanted.enabled:
        return
    try:
        model = models.get(wanted.model)
    except CatalogError as fault:
        yield Fault("inference.model", str(fault))
        return
    for index, name in enumerate(wanted.instance_types):
        path = f"inference.instance_types.{index}"
        yield from _try(
            path,
            lambda name=name: sizing.fit(model, instances.get(name), max_model_len=wanted.max_model_len),  # type: ignore[misc]
        )
