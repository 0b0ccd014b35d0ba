"""
What a serving engine has to tell a fleet, whichever engine it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, runtime_checkable

from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines.container_image import ContainerImage

MODEL_DIRECTORY = "/model"
"""Where a container finds weights that were copied to the machine."""

ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - inside the container; the machine's security group decides who gets there


class WeightsPath(Enum):
    """How the weights get from S3 into the accelerator."""

    STREAMED = "streamed"
    """The engine reads S3 itself, with temporary credentials that the host gives it at its start."""
    COPIED = "copied"
    """The host copies them to its disk first; the engine has no credentials at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """
    What an engine is asked to do on one machine.

    Attributes:
        model_id: What requests name in their `model` field.
        weights_uri: Prefix in S3 with a closing slash.
        fit: How the model sits on the machine.
    """

    model_id: str
    weights_uri: str
    fit: Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """
    How the container is started.

    Attributes:
        entrypoint: Program in the image. Default: empty, the image's own.
        arguments: Its command line, one argument each.
        environment: Variables; none of them a secret.
    """

    entrypoint: str = ""
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """
    How a machine finds out whether the model answers.

    Attributes:
        path: Where the short request goes.
        body: The short request, JSON.
        progress_metrics: Counters that grow whenever the engine has produced something.
    """

    path: str
    body: str
    progress_metrics: tuple[str, ...]


@runtime_checkable
class ServingEngine(Protocol):
    """
    A program in a container that loads weights and answers requests over HTTP.
    """

    @property
    def name(self) -> str:
        """What it is called in messages."""

    @property
    def vendor(self) -> Vendor:
        """Whose accelerators it runs on."""

    @property
    def image(self) -> ContainerImage:
        """Its container."""

    @property
    def image_gb(self) -> float:
        """Size of the container as pulled, 10^9 bytes; decides how long a start takes."""

    @property
    def port(self) -> int:
        """Where it listens, and tells its metrics under `/metrics`."""

    @property
    def api_key_variable(self) -> str:
        """Variable in which it takes the API key."""

    @property
    def request_paths(self) -> tuple[str, ...]:
        """Path patterns that it guards with the API key; nothing else is let through to it."""

    @property
    def weights(self) -> WeightsPath:
        """How it gets the weights."""

    @property
    def spans_machines(self) -> bool:
        """Whether one copy of a model takes several machines, joined with one another."""

    @property
    def warm_up_seconds(self) -> int:
        """Time from the weights in memory to the first answer: compiling, capturing graphs."""

    @property
    def published_metrics(self) -> Mapping[str, str]:
        """Name in CloudWatch by the engine's own name, old names included."""

    @property
    def waiting_metric(self) -> str | None:
        """Name in CloudWatch of the requests that wait for a place; None when it does not tell."""

    @property
    def running_metric(self) -> str | None:
        """Name in CloudWatch of the requests that run; None when it does not tell."""

    @property
    def latency_metric(self) -> str | None:
        """Its own name for the histogram of seconds to the first token; None when it does not tell."""

    @property
    def cache_metric(self) -> str | None:
        """Name in CloudWatch of the share of its key-value cache in use, 0 to 1; None when it has none."""

    def faults(self, fit: Fit, /) -> tuple[str, ...]:
        """Why it cannot serve *fit*."""

    def tensor_parallel(self, allowed: tuple[int, ...], /) -> int | None:
        """The degree it needs of those *allowed*; None leaves the choice to the sizing."""

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*."""

    def probe(self, model_id: str) -> Probe:
        """How to ask it one short thing."""
