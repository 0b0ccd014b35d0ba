"""The programs that serve a model, and the containers they come in."""

from genai_layers.inference.engines.container_image import ContainerImage
from genai_layers.inference.engines.custom_engine import CustomEngine
from genai_layers.inference.engines.engine import Launch, Probe, Serving, ServingEngine, WeightsPath
from genai_layers.inference.engines.sglang import Sglang
from genai_layers.inference.engines.text_embeddings import TextEmbeddings
from genai_layers.inference.engines.vllm import Vllm
from genai_layers.inference.engines.vllm_neuron import VllmNeuron

__all__ = [
    "ContainerImage",
    "CustomEngine",
    "Launch",
    "Probe",
    "Serving",
    "ServingEngine",
    "Sglang",
    "TextEmbeddings",
    "Vllm",
    "VllmNeuron",
    "WeightsPath",
]
