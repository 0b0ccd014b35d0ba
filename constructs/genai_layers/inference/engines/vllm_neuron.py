"""
vLLM on AWS Inferentia2 and Trainium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines.container_image import ContainerImage
from genai_layers.inference.engines.engine import ANY_ADDRESS, MODEL_DIRECTORY, Launch, Probe, Serving, WeightsPath
from genai_layers.inference.engines.vllm import VLLM_METRICS, VLLM_QUIET, vllm_probe

UPSTREAM_REPOSITORY = "neuron/pytorch-inference-vllm-neuronx"
"""Path in public.ecr.aws; no private AWS registry holds it, so a pull-through cache rule brings it to yours."""

# aws-neuron/deep-learning-containers, README, 2026-08-17.
IMAGE_BY_ACCELERATOR: Mapping[str, str] = {
    "Inferentia2": "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04",
    "Trainium": "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04",
    "Trainium2": "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04",
}
"""The newest tag that runs on each accelerator: later ones leave out Inferentia2 and the first Trainium."""

# NxD Inference, "vLLM user guide", supported models.
_FAMILIES = ("llama-", "qwen2.5-", "qwen3-", "deepseek-r1-distill-")

# A batch is compiled into the graph, and idle places in it still cost time.
_MAX_SEQUENCES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmNeuron:
    """
    vLLM on NeuronCores, with weights copied to the machine and the graph compiled at the first start.

    Attributes:
        image: A repository of yours that holds `UPSTREAM_REPOSITORY`, at the tag of `IMAGE_BY_ACCELERATOR`.
        compiled_prefix: Path below the weights with a graph that was compiled before, which spares the first start
            about a minute for each 10^9 bytes of weights. Default: none, each new machine compiles.
        extra_arguments: More arguments of the API server, one each. Default: none.

    Example:
        VllmNeuron(image=ContainerImage.private(cache, IMAGE_BY_ACCELERATOR["Inferentia2"], vendor=Vendor.NEURON))
    """

    image: ContainerImage
    compiled_prefix: str | None = None
    extra_arguments: tuple[str, ...] = ()

    name = "vLLM on Neuron"
    vendor = Vendor.NEURON
    spans_machines = False
    # Compressed size in ECR, rounded up: our estimate.
    image_gb = 8.0
    port = 8000
    api_key_variable = "VLLM_API_KEY"
    request_paths = ("/v1/*",)
    weights = WeightsPath.COPIED
    published_metrics = VLLM_METRICS
    waiting_metric = "vllm:num_requests_waiting"
    running_metric = "vllm:num_requests_running"
    cache_metric = "vllm:kv_cache_usage_perc"
    latency_metric = "vllm:time_to_first_token_seconds"

    @property
    def warm_up_seconds(self) -> int:
        """NxD Inference, "vLLM user guide": a model of 15 GB compiles for about 15 minutes; 30 for what is larger."""
        return 300 if self.compiled_prefix else 1800

    def faults(self, fit: Fit, /) -> tuple[str, ...]:
        """Why it cannot serve *fit*."""
        found = []
        if fit.instance.accelerator.name not in IMAGE_BY_ACCELERATOR:
            found.append(
                f"{self.name} does not run on {fit.instance.accelerator.name} of {fit.instance.name!r}: "
                "use an inf2, trn1 or trn2 type"
            )
        known = fit.model.source != "defined by the caller"
        if known and not fit.model.id.startswith(_FAMILIES):
            found.append(
                f"{self.name} does not serve model {fit.model.id!r}: choose one of the families "
                f"{', '.join(family.rstrip('-') for family in _FAMILIES)}, or serve it on NVIDIA"
            )
        return tuple(found)

    def tensor_parallel(self, allowed: tuple[int, ...], /) -> int | None:
        """One copy over as many cores as there are: it serves one copy only."""
        return max(allowed)

    def launch(self, serving: Serving) -> Launch:
        """How it is started for *serving*."""
        fit = serving.fit
        compiled = f"{MODEL_DIRECTORY}/{self.compiled_prefix}" if self.compiled_prefix else "/cache/neuron-compiled"
        return Launch(
            entrypoint="python3",
            arguments=(
                "-m",
                "vllm.entrypoints.openai.api_server",
                "--model",
                MODEL_DIRECTORY,
                "--served-model-name",
                serving.model_id,
                "--host",
                ANY_ADDRESS,
                "--port",
                str(self.port),
                "--max-model-len",
                str(fit.max_model_len),
                "--tensor-parallel-size",
                str(fit.tensor_parallel),
                "--max-num-seqs",
                str(max(1, min(_MAX_SEQUENCES, fit.concurrency // fit.replicas))),
                "--max-logprobs",
                "0",
                *self.extra_arguments,
            ),
            environment={**VLLM_QUIET, "NEURON_COMPILED_ARTIFACTS": compiled, "VLLM_CACHE_ROOT": "/cache/vllm"},
        )

    def probe(self, model_id: str) -> Probe:
        """One token, and the count of all tokens."""
        return vllm_probe(model_id)
