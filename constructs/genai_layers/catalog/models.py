"""
Open-weights models: what decides how much memory they need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from genai_layers.catalog.accelerators import Precision
from genai_layers.catalog.errors import UnknownModelError
from genai_layers.catalog.tables import Confidence, closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL_TAG = "genai-layers:model"
LENGTH_TAG = "genai-layers:max-model-len"
"""Tags of machines that serve, where no template shows the options of their engine."""

_16_BIT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """
    One open-weights model; define your own for a model that the catalog lacks.

    Attributes:
        id: Name in the catalog, e.g. ``llama-3.1-70b``.
        repository: Name on the model hub.
        parameters: All parameters.
        active_parameters: Parameters that one token passes; fewer than all in a mixture of experts.
        layers: Transformer layers.
        hidden_size: Width of the residual stream.
        attention_heads: Query heads of a layer; the tensor-parallel degree divides it.
        kv_heads: Key and value heads of a layer.
        head_dim: Width of one head.
        latent_dim: Width of the cached latent of multi-head latent attention. Default: None, keys and values are kept.
        sliding_layers: Layers that look back only *sliding_window* tokens. Default: 0.
        sliding_window: Tokens that such a layer keeps. Default: None.
        context: Longest context it was trained for, tokens.
        precision: Format in which it is published and served unless asked otherwise.
        checkpoint_bytes: Measured size of the published weights, bytes. Default: None, computed.
        licence: Licence of the weights.
        gated: The publisher wants terms accepted before the download.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    id: str
    repository: str
    parameters: int
    active_parameters: int
    layers: int
    hidden_size: int
    attention_heads: int
    kv_heads: int
    head_dim: int
    latent_dim: int | None = None
    sliding_layers: int = 0
    sliding_window: int | None = None
    context: int
    precision: Precision = Precision.BF16
    checkpoint_bytes: int | None = None
    licence: str
    gated: bool = False
    source: str = "defined by the caller"
    as_of: str = ""
    confidence: Confidence = Confidence.UNVERIFIED

    def weight_bytes(self, precision: Precision | None = None) -> int:
        """
        Size of the weights, bytes.

        Args:
            precision: Format of the weights. Default: the one in which the model is published.
        """
        chosen = precision or self.precision
        if chosen == self.precision and self.checkpoint_bytes is not None:
            return self.checkpoint_bytes
        return math.ceil(self.parameters * chosen.bytes_per_parameter)

    def kv_bytes(self, tokens: int, *, tensor_parallel: int = 1, bytes_per_value: int = _16_BIT) -> int:
        """
        Keys and values that *tokens* tokens of one request keep, over all devices of the group, bytes.

        A device keeps at least one head, so a degree beyond the number of heads stores heads twice.

        Args:
            tokens: Length of the request, prompt and answer together.
            tensor_parallel: Devices that share the model.
            bytes_per_value: 2 for a 16-bit cache, 1 for FP8.
        """
        if self.latent_dim is not None:
            width = self.latent_dim * tensor_parallel
        else:
            width = 2 * math.ceil(self.kv_heads / tensor_parallel) * tensor_parallel * self.head_dim
        seen_by_sliding = min(tokens, self.sliding_window) if self.sliding_window else tokens
        positions = (self.layers - self.sliding_layers) * tokens + self.sliding_layers * seen_by_sliding
        return positions * width * bytes_per_value

    @property
    def kv_bytes_per_token(self) -> int:
        """
        Keys and values of one token on one device in 16 bits, windows not counted off, bytes.
        """
        return self.kv_bytes(1)


@cache
def every() -> Mapping[str, ServedModel]:
    """
    All models by id.
    """
    return {
        name: ServedModel(
            id=name,
            repository=row["repository"],
            parameters=row["parameters"],
            active_parameters=row["active_parameters"],
            layers=row["layers"],
            hidden_size=row["hidden_size"],
            attention_heads=row["attention_heads"],
            kv_heads=row["kv_heads"],
            head_dim=row["head_dim"],
            latent_dim=row["latent_dim"],
            sliding_layers=row["sliding_layers"],
            sliding_window=row["sliding_window"],
            context=row["context"],
            precision=Precision(row["precision"]),
            checkpoint_bytes=row["checkpoint_bytes"],
            licence=row["licence"],
            gated=row["gated"],
            source=row["source"],
            as_of=row["as_of"],
            confidence=Confidence(row["confidence"]),
        )
        for name, row in load("models")["rows"].items()
    }


def get(id: str) -> ServedModel:
    """
    The model called *id*.

    Args:
        id: Name in the catalog, or the name of its repository on the model hub; case does not matter.

    Raises:
        UnknownModelError: No model has this name.

    Example:
        >>> get("llama-3.1-70b").kv_heads
        8
    """
    wanted = id.lower()
    for model in every().values():
        if wanted in (model.id, model.repository.lower()):
            return model
    near = closest(wanted, every())
    raise UnknownModelError(
        f"model {id!r} is not in the catalog: choose "
        + (f"one like {listed(near)}" if near else f"one of {listed(every(), limit=60)}")
        + ", or define your own ServedModel",
        alternatives=near,
    )
