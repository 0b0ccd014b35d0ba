"""
Checks that need facts about AWS: what a region has, what a machine holds, which models there are.

They run after the shape of the settings is right, and report together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from genai_layers.catalog import bedrock, instances, models, regions, sizing
from genai_layers.catalog.errors import CatalogError, SizingError, UnknownInstanceTypeError
from genai_layers.settings.errors import Fault
from genai_layers.settings.settings import Settings

_ALWAYS = ("bedrock:Guardrail", "bedrock:KnowledgeBase", "s3vectors:Index")
"""What the stacks make in every environment and not every region has."""


def fact_faults(settings: Settings) -> list[Fault]:
    """Every setting that the facts contradict."""
    faults: list[Fault] = []
    with _noting("region", faults):
        regions.require(settings.region, *_ALWAYS)
    with _noting("platform.model", faults):
        _check_answers(settings)
    with _noting("platform.embedding_model", faults):
        _check_dimensions(settings)
    if settings.inference.enabled:
        faults += _machines(settings)
    return faults


@contextmanager
def _noting(path: str, faults: list[Fault]) -> Iterator[None]:
    """Turn what the catalog says inside the block into a fault at *path*."""
    try:
        yield
    except CatalogError as fault:
        faults.append(Fault(path, str(fault)))


def _check_answers(settings: Settings) -> None:
    if bedrock.get(settings.platform.model, settings.region).embedding_dimensions:
        raise CatalogError(f"{settings.platform.model!r} makes vectors and no answers: choose a model that writes text")


def _check_dimensions(settings: Settings) -> None:
    wanted = settings.platform.embedding_dimensions
    allowed = bedrock.get(settings.platform.embedding_model, settings.region).embedding_dimensions
    if wanted not in allowed:
        raise CatalogError(
            f"{settings.platform.embedding_model!r} makes vectors of {_or(allowed)} dimensions,"
            f" embedding_dimensions is {wanted}: choose one of those"
            if allowed
            else f"{settings.platform.embedding_model!r} makes no embeddings: choose an embedding model"
        )


def _machines(settings: Settings) -> Iterator[Fault]:
    wanted = settings.inference
    faults: list[Fault] = []
    with _noting("inference.model", faults):
        model = models.get(wanted.model)
        if not wanted.instance_types:
            sizing.cheapest(model, region=settings.region, max_model_len=wanted.max_model_len)
        for index, name in enumerate(wanted.instance_types):
            try:
                sizing.fit(model, instances.get(name), max_model_len=wanted.max_model_len)
            except (UnknownInstanceTypeError, SizingError) as fault:
                fitting = [fit.instance.name for fit in sizing.candidates(model, max_model_len=wanted.max_model_len)]
                hint = f" (smallest that fit {model.id!r}: {', '.join(fitting[:4])})" if fitting else ""
                faults.append(Fault(f"inference.instance_types.{index}", f"{fault}{hint}"))
    yield from faults


def _or(values: tuple[int, ...]) -> str:
    return " or ".join(str(value) for value in values)
