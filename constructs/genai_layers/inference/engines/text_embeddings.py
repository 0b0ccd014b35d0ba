"""
Text Embeddings Inference on NVIDIA GPUs, for embedding and reranking models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines.container_image import ContainerImage
from genai_layers.inference.engines.engine import MODEL_DIRECTORY, Launch, Probe, Serving, WeightsPath

# text-embeddings-inference, router: names under which it counts.
_METRICS: Mapping[str, str] = {
    "te_queue_size": "te_queue_size",
    "te_request_count": "te_request_count",
    "te_request_success": "te_request_success",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEmbeddings:
    """
    Text Embeddings Inference (TEI), which serves one model on one GPU.

    Attributes:
        reranks: The model scores passages against a query rather than embedding them. Default: false.
        image: Its container. Default: the newest TEI that AWS publishes.

    Example:
        TextEmbeddings(reranks=True)
    """

    reranks: bool = False
    image: ContainerImage = field(default_factory=lambda: ContainerImage.aws(images.find("TEI", platform="sagemaker")))

    name = "Text Embeddings Inference"
    vendor = Vendor.NVIDIA
    spans_machines = False
    # Compressed size in ECR, rounded up: our estimate.
    image_gb = 3.0
    # The image's own entry point sets this port and takes no other.
    port = 8080
    api_key_variable = "API_KEY"
    weights = WeightsPath.COPIED
    warm_up_seconds = 30
    published_metrics = _METRICS
    waiting_metric = "te_queue_size"
    running_metric = None
    cache_metric = None
    latency_metric = None

    @property
    def request_paths(self) -> tuple[str, ...]:
        """The OpenAI-compatible path, and reranking, for which OpenAI has none."""
        return ("/rerank",) if self.reranks else ("/v1/*",)

    def faults(self, fit: Fit, /) -> tuple[str, ...]:
        """Why it cannot serve *fit*."""
        if fit.instance.accelerator_count == 1:
            return ()
        return (
            f"{self.name} uses one GPU and {fit.instance.name!r} has {fit.instance.accelerator_count}: "
            "choose a type with one, and more machines",
        )

    def tensor_parallel(self, _allowed: tuple[int, ...], /) -> int | None:
        """One device: it does not split a model."""
        return 1

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*."""
        return Launch(
            environment={
                "HF_MODEL_ID": MODEL_DIRECTORY,
                "SERVED_MODEL_NAME": serving.model_id,
                "HF_HUB_OFFLINE": "1",
            }
        )

    def probe(self, model_id: str) -> Probe:
        """One short text, and the count of all texts."""
        body = {"query": "ready", "texts": ["ready"]} if self.reranks else {"model": model_id, "input": "ready"}
        return Probe(
            path="/rerank" if self.reranks else "/v1/embeddings",
            body=json.dumps(body),
            progress_metrics=("te_request_success",),
        )
