"""Layer 1: machines with accelerators that serve a model."""

from genai_layers.inference.attestation import AttestedFleet, AttestedKey, Measurement, SealError, seal_folder
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.engine_repository import EngineRepository
from genai_layers.inference.engines import (
    ContainerImage,
    CustomEngine,
    Probe,
    ServingEngine,
    Sglang,
    TextEmbeddings,
    Vllm,
    VllmNeuron,
    WeightsPath,
)
from genai_layers.inference.errors import AttestationError, BootError, FleetError, InferenceError
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.fleet import AcceleratorFleet
from genai_layers.inference.fleet_metrics import FleetMetrics
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.hours import Hours
from genai_layers.inference.interfaces import IModelEndpoint, InferenceEndpoint
from genai_layers.inference.operator_sessions import OperatorSessions
from genai_layers.inference.readiness import TimeToReady
from genai_layers.inference.scale_to_zero import ScaleToZero
from genai_layers.inference.scaling import Scaling

__all__ = [
    "AcceleratorFleet",
    "AttestationError",
    "AttestedFleet",
    "AttestedKey",
    "BootError",
    "Capacity",
    "ContainerImage",
    "CustomEngine",
    "EngineRepository",
    "FastStart",
    "FleetError",
    "FleetMetrics",
    "HostImage",
    "Hours",
    "IModelEndpoint",
    "InferenceEndpoint",
    "InferenceError",
    "Measurement",
    "OperatorSessions",
    "Probe",
    "ScaleToZero",
    "Scaling",
    "SealError",
    "ServingEngine",
    "Sglang",
    "TextEmbeddings",
    "TimeToReady",
    "Vllm",
    "VllmNeuron",
    "WeightsPath",
    "seal_folder",
]
