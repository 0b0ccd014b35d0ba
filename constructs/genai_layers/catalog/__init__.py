"""
Facts, dated and sourced: accelerators, machines, models, images, regions, prices and sizing.
"""

from genai_layers.catalog import (
    accelerators,
    bedrock,
    images,
    instances,
    jumpstart,
    ml_instances,
    models,
    prices,
    regions,
    sizing,
    throughput,
)
from genai_layers.catalog.accelerators import Accelerator, Precision, Vendor
from genai_layers.catalog.bedrock import BedrockModel, Geography
from genai_layers.catalog.errors import (
    CatalogError,
    RegionError,
    SizingError,
    UnknownBedrockModelError,
    UnknownImageError,
    UnknownInstanceTypeError,
    UnknownModelError,
    UnknownPriceError,
)
from genai_layers.catalog.images import ServingImage
from genai_layers.catalog.instances import InstanceType
from genai_layers.catalog.jumpstart import JumpStartSpec, JumpStartVariant
from genai_layers.catalog.layout import Fit
from genai_layers.catalog.ml_instances import MlInstanceType, MlUse
from genai_layers.catalog.models import ServedModel
from genai_layers.catalog.prices import Price
from genai_layers.catalog.tables import Confidence
from genai_layers.catalog.throughput import Throughput

__all__ = [
    "accelerators",
    "bedrock",
    "images",
    "instances",
    "jumpstart",
    "ml_instances",
    "models",
    "prices",
    "regions",
    "sizing",
    "throughput",
    "Accelerator",
    "BedrockModel",
    "Confidence",
    "Fit",
    "Geography",
    "InstanceType",
    "JumpStartSpec",
    "JumpStartVariant",
    "MlInstanceType",
    "MlUse",
    "Precision",
    "Price",
    "ServedModel",
    "ServingImage",
    "Throughput",
    "Vendor",
    "CatalogError",
    "RegionError",
    "SizingError",
    "UnknownBedrockModelError",
    "UnknownImageError",
    "UnknownInstanceTypeError",
    "UnknownModelError",
    "UnknownPriceError",
]
