"""
An engine of your own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines.container_image import ContainerImage
from genai_layers.inference.engines.engine import Launch, Probe, Serving, WeightsPath


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomEngine:
    """
    Any container that serves a model over HTTP and tells Prometheus metrics under `/metrics`.

    In `arguments` and `environment`, `{model_id}`, `{weights_uri}`, `{max_model_len}` and `{tensor_parallel}` stand
    for what the fleet serves.

    Attributes:
        image: Its container.
        port: Where it listens.
        health: How to ask it one short thing; the body may hold `{model_id}`.
        request_paths: Path patterns that it guards with the API key.
        api_key_variable: Variable in which it takes the API key.
        arguments: Its command line. Default: none.
        environment: Its variables; none of them a secret. Default: none.
        entrypoint: Program in the image. Default: the image's own.
        weights: How it gets the weights. Default: copied to `/model`.
        image_gb: Size of the container as pulled, 10^9 bytes. Default: 12.
        warm_up_seconds: Time from the weights in memory to the first answer. Default: 300.
        published_metrics: Name in CloudWatch by its own name. Default: none.
        waiting_metric: Name in CloudWatch of the requests that wait. Default: it does not tell.
        running_metric: Name in CloudWatch of the requests that run. Default: it does not tell.
        cache_metric: Name in CloudWatch of the share of its key-value cache in use. Default: it does not tell.
        latency_metric: Its own name for a histogram of seconds to the first token. Default: it does not tell.
        name: What it is called in messages. Default: `custom engine`.

    Example:
        CustomEngine(image=ContainerImage.private(repository, "1.4.2", cuda="13.0"), port=9000,
                     health=Probe(path="/v1/completions", body='{"prompt": "ready"}', progress_metrics=("done_total",)),
                     request_paths=("/v1/*",), api_key_variable="MY_API_KEY")
    """

    image: ContainerImage
    port: int
    health: Probe
    request_paths: tuple[str, ...]
    api_key_variable: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    entrypoint: str = ""
    weights: WeightsPath = WeightsPath.COPIED
    image_gb: float = 12.0
    warm_up_seconds: int = 300
    published_metrics: Mapping[str, str] = field(default_factory=dict)
    waiting_metric: str | None = None
    running_metric: str | None = None
    cache_metric: str | None = None
    latency_metric: str | None = None
    name: str = "custom engine"

    spans_machines = False

    @property
    def vendor(self) -> Vendor:
        """Whose accelerators its image is built for; NVIDIA's when the image names none."""
        return self.image.vendor or Vendor.NVIDIA

    def faults(self, _fit: Fit, /) -> tuple[str, ...]:
        """Why it cannot serve a fit: only you know."""
        return ()

    def tensor_parallel(self, _allowed: tuple[int, ...], /) -> int | None:
        """Whatever serves the most requests at once."""
        return None

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*."""
        return Launch(
            entrypoint=self.entrypoint,
            arguments=tuple(_filled(argument, serving) for argument in self.arguments),
            environment={name: _filled(value, serving) for name, value in self.environment.items()},
        )

    def probe(self, model_id: str) -> Probe:
        """Its own short request."""
        return Probe(
            path=self.health.path,
            body=self.health.body.replace("{model_id}", model_id),
            progress_metrics=self.health.progress_metrics,
        )


def _filled(text: str, serving: Serving) -> str:
    # Not str.format: a JSON argument has braces of its own, and a token has dots and brackets.
    values = {
        "{model_id}": serving.model_id,
        "{weights_uri}": serving.weights_uri,
        "{max_model_len}": str(serving.fit.max_model_len),
        "{tensor_parallel}": str(serving.fit.tensor_parallel),
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text
