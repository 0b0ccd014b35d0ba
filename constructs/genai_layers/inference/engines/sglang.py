"""
SGLang on NVIDIA GPUs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines.container_image import ContainerImage
from genai_layers.inference.engines.engine import ANY_ADDRESS, MODEL_DIRECTORY, Launch, Probe, Serving, WeightsPath

# SGLang, "Production metrics".
_METRICS: Mapping[str, str] = {
    "sglang:num_queue_reqs": "sglang:num_queue_reqs",
    "sglang:num_running_reqs": "sglang:num_running_reqs",
    "sglang:token_usage": "sglang:token_usage",
    "sglang:generation_tokens_total": "sglang:generation_tokens_total",
    "sglang:prompt_tokens_total": "sglang:prompt_tokens_total",
}

# SGLang takes its API key as an argument only; the shell in the container adds it, so that it is neither in user
# data nor in the arguments that Docker records.
_WITH_API_KEY = 'exec python3 -m sglang.launch_server --api-key "$SGLANG_API_KEY" "$@"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Sglang:
    """
    SGLang, with weights copied to the machine's disk.

    Attributes:
        image: Its container. Default: the newest SGLang of the AWS deep learning containers for EC2.
        extra_arguments: More of `sglang.launch_server`'s own arguments, one each. Default: none.

    Example:
        Sglang(extra_arguments=("--enable-torch-compile",))
    """

    image: ContainerImage = field(default_factory=lambda: ContainerImage.aws(images.find("SGLang")))
    extra_arguments: tuple[str, ...] = ()

    name = "SGLang"
    vendor = Vendor.NVIDIA
    spans_machines = False
    # Compressed size in ECR, rounded up: our estimate.
    image_gb = 13.0
    port = 30000
    api_key_variable = "SGLANG_API_KEY"
    request_paths = ("/v1/*",)
    weights = WeightsPath.COPIED
    # CUDA graph capture: our estimate.
    warm_up_seconds = 180
    published_metrics = _METRICS
    waiting_metric = "sglang:num_queue_reqs"
    running_metric = "sglang:num_running_reqs"
    cache_metric = "sglang:token_usage"
    latency_metric = "sglang:time_to_first_token_seconds"

    def faults(self, _fit: Fit, /) -> tuple[str, ...]:
        """Why it cannot serve a fit: it serves whatever fits."""
        return ()

    def tensor_parallel(self, _allowed: tuple[int, ...], /) -> int | None:
        """Whatever serves the most requests at once."""
        return None

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*."""
        fit = serving.fit
        arguments = [
            "--model-path",
            MODEL_DIRECTORY,
            "--served-model-name",
            serving.model_id,
            "--host",
            ANY_ADDRESS,
            "--port",
            str(self.port),
            "--context-length",
            str(fit.max_model_len),
            "--tp-size",
            str(fit.tensor_parallel),
            "--enable-metrics",
        ]
        if fit.replicas > 1:
            arguments += ["--dp-size", str(fit.replicas)]
        return Launch(
            entrypoint="bash",
            arguments=("-c", _WITH_API_KEY, "sglang", *arguments, *self.extra_arguments),
            environment={"HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1"},
        )

    def probe(self, model_id: str) -> Probe:
        """One token, and the count of all tokens."""
        return Probe(
            path="/v1/completions",
            body=json.dumps({"model": model_id, "prompt": "ready", "max_tokens": 1}),
            progress_metrics=("sglang:generation_tokens_total",),
        )
