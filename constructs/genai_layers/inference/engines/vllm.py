"""
vLLM on NVIDIA GPUs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.layout import MEMORY_UTILIZATION, Fit
from genai_layers.inference.engines.container_image import ContainerImage
from genai_layers.inference.engines.engine import ANY_ADDRESS, Launch, Probe, Serving, WeightsPath

# vLLM, "Production metrics"; the KV-cache gauge had the other name before the V1 engine.
VLLM_METRICS: Mapping[str, str] = {
    "vllm:num_requests_waiting": "vllm:num_requests_waiting",
    "vllm:num_requests_running": "vllm:num_requests_running",
    "vllm:kv_cache_usage_perc": "vllm:kv_cache_usage_perc",
    "vllm:gpu_cache_usage_perc": "vllm:kv_cache_usage_perc",
    "vllm:generation_tokens_total": "vllm:generation_tokens_total",
    "vllm:prompt_tokens_total": "vllm:prompt_tokens_total",
}

# vLLM tells nobody what it serves, and looks for nothing on a model hub.
VLLM_QUIET: Mapping[str, str] = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vllm:
    """
    vLLM, with weights streamed from S3 straight into GPU memory.

    Attributes:
        image: Its container. Default: the newest vLLM of the AWS deep learning containers for EC2.
        extra_arguments: More of `vllm serve`'s own arguments, one each. Default: none.

    Example:
        Vllm(extra_arguments=("--enable-prefix-caching",))
    """

    image: ContainerImage = field(default_factory=lambda: ContainerImage.aws(images.vllm()))
    extra_arguments: tuple[str, ...] = ()

    name = "vLLM"
    vendor = Vendor.NVIDIA
    spans_machines = False
    # Compressed size of vllm:0.2x-gpu in ECR, rounded up: our estimate.
    image_gb = 12.0
    port = 8000
    api_key_variable = "VLLM_API_KEY"
    # vLLM, "Security": the API key guards the paths under /v1 and no others; /invocations, /pooling and /metrics
    # answer anybody.
    request_paths = ("/v1/*",)
    weights = WeightsPath.STREAMED
    # torch.compile and CUDA graph capture of a model up to 70 billion parameters with a cold cache: our estimate.
    warm_up_seconds = 240
    published_metrics = VLLM_METRICS
    waiting_metric = "vllm:num_requests_waiting"
    running_metric = "vllm:num_requests_running"
    cache_metric = "vllm:kv_cache_usage_perc"
    latency_metric = "vllm:time_to_first_token_seconds"

    def faults(self, _fit: Fit, /) -> tuple[str, ...]:
        """Why it cannot serve a fit: it serves whatever fits."""
        return ()

    def tensor_parallel(self, _allowed: tuple[int, ...], /) -> int | None:
        """Whatever serves the most requests at once."""
        return None

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*."""
        fit = serving.fit
        arguments = vllm_arguments(serving, [serving.weights_uri, "--load-format", "runai_streamer"], self.port)
        if fit.replicas > 1:
            arguments += ["--data-parallel-size", str(fit.replicas)]
        if fit.tensor_parallel > 1:
            # Each device reads its share from S3, and they exchange the rest.
            arguments += ["--model-loader-extra-config", json.dumps({"distributed": True})]
        return Launch(
            entrypoint="vllm",
            arguments=(*arguments, *self.extra_arguments),
            environment={
                **VLLM_QUIET,
                "VLLM_CACHE_ROOT": "/cache/vllm",
                "RUNAI_STREAMER_CONCURRENCY": "32",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
        )

    def probe(self, model_id: str) -> Probe:
        """One token, and the count of all tokens."""
        return vllm_probe(model_id)


def vllm_arguments(serving: Serving, source: Sequence[str], port: int) -> list[str]:
    """
    How any vLLM on NVIDIA is told what to serve.

    Args:
        serving: What it serves.
        source: Where the weights are, and how they are read.
        port: Where it listens.
    """
    fit = serving.fit
    return [
        "serve",
        *source,
        "--served-model-name",
        serving.model_id,
        "--host",
        ANY_ADDRESS,
        "--port",
        str(port),
        "--max-model-len",
        str(fit.max_model_len),
        "--gpu-memory-utilization",
        str(MEMORY_UTILIZATION),
        "--tensor-parallel-size",
        str(fit.tensor_parallel),
        # Log probabilities are what model extraction feeds on; a caller has no use for them.
        "--max-logprobs",
        "0",
    ]


def vllm_probe(model_id: str) -> Probe:
    """How to ask any vLLM for one token."""
    return Probe(
        path="/v1/completions",
        body=json.dumps({"model": model_id, "prompt": "ready", "max_tokens": 1}),
        progress_metrics=("vllm:generation_tokens_total",),
    )
