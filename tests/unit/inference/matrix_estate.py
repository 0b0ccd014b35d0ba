"""Every back end, and every engine for every architecture, as the matrix of them puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attested_estate import fleet as attested_fleet
from container_estate import container_fleet
from container_estate import tools as container_tools
from group_estate import LARGE, GroupEstate
from inference_estate import EMBEDDINGS, Estate
from kubernetes_estate import kubernetes_fleet
from kubernetes_estate import tools as pod_tools

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Precision
from genai_layers.inference import (
    ContainerImage,
    CustomEngine,
    HostImage,
    Probe,
    ServingEngine,
    Sglang,
    TextEmbeddings,
    Vllm,
)
from genai_layers.inference.ecs import ManagedInstances
from genai_layers.inference.multi_node import VllmNodes


def _custom(estate: Estate, architecture: str) -> CustomEngine:
    return CustomEngine(
        image=ContainerImage.private(estate.repository, "1.4.2", cuda="13.0", architecture=architecture),
        port=9000,
        health=Probe(path="/v1/ask", body="{}", progress_metrics=("done_total",)),
        request_paths=("/v1/ask",),
        api_key_variable="MY_API_KEY",
    )


ENGINES: Mapping[str, Callable[[Estate], ServingEngine]] = {
    "vllm, x86_64": lambda estate: Vllm(),
    "vllm, arm64": lambda estate: Vllm(image=ContainerImage.aws(images.vllm(architecture="arm64"))),
    "vllm on neuron, x86_64": lambda estate: estate.neuron(),
    "sglang, x86_64": lambda estate: Sglang(),
    "embeddings, x86_64": lambda estate: TextEmbeddings(),
    "custom, x86_64": lambda estate: _custom(estate, "x86_64"),
    "custom, arm64": lambda estate: _custom(estate, "arm64"),
    "vllm over machines, x86_64": lambda estate: VllmNodes(),
}
"""Every engine for every architecture that it has an image for."""


def _attested(estate: GroupEstate, engine: ServingEngine, props: dict[str, Any]) -> object:
    host = HostImage.pinned(
        {"us-east-1": "ami-0123456789abcdef0"},
        vendor=engine.vendor,
        architecture=engine.image.architecture,
        cuda="13.2" if engine.image.cuda else None,
    )
    return attested_fleet(estate, engine=engine, machine_image=host, **props)


def _pods(estate: GroupEstate, engine: ServingEngine, props: dict[str, Any]) -> object:
    tools = pod_tools(estate, vendor=engine.vendor, architecture=engine.image.architecture)
    return kubernetes_fleet(estate, engine=engine, tools_image=tools, **props)


def _tasks(estate: GroupEstate, engine: ServingEngine, props: dict[str, Any], **more: Any) -> object:
    tools = container_tools(estate, vendor=engine.vendor, architecture=engine.image.architecture)
    return container_fleet(estate, engine=engine, tools_image=tools, **more, **props)


BACK_ENDS: Mapping[str, Callable[[GroupEstate, Any, dict[str, Any]], object]] = {
    "machines": lambda estate, engine, props: estate.fleet(engine=engine, **props),
    "tasks": _tasks,
    "tasks, managed": lambda estate, engine, props: _tasks(
        estate, engine, props, managed_instances=ManagedInstances(reason="a look at one engine, with public weights")
    ),
    "pods": _pods,
    "attested": _attested,
    "groups": lambda estate, engine, props: estate.group(engine=engine, **{**props, "model": LARGE}),
}
"""Every back end, given what the engine needs beside itself."""


def combine(estate: GroupEstate, back_end: str, engine: str) -> object:
    """Define a fleet of *engine* on *back_end* with a small model that the engine serves."""
    chosen = ENGINES[engine](estate)
    model = EMBEDDINGS if isinstance(chosen, TextEmbeddings) else "qwen2.5-1.5b"
    # The one accelerator that comes with arm64 takes no brain floats.
    precision = Precision.FP16 if chosen.image.architecture == "arm64" else None
    return BACK_ENDS[back_end](estate, chosen, {"model": model, "max_model_len": 512, "precision": precision})
