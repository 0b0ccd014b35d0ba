"""
Errors of the catalog.

    CatalogError (ValueError)
    ├── UnknownInstanceTypeError
    ├── UnknownModelError
    ├── UnknownBedrockModelError
    ├── UnknownImageError
    ├── UnknownPriceError
    ├── RegionError
    └── SizingError

Each message says what was given, what is allowed and what to change.
"""

from __future__ import annotations


class CatalogError(ValueError):
    """
    A question to the catalog has no answer.

    Attributes:
        alternatives: Names that would have been accepted, best first; may be empty.
    """

    def __init__(self, message: str, *, alternatives: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.alternatives = alternatives


class UnknownInstanceTypeError(CatalogError):
    """
    The instance type is not an accelerated Nitro type of the catalog.
    """


class UnknownModelError(CatalogError):
    """
    The open-weights model is not in the catalog.
    """


class UnknownBedrockModelError(CatalogError):
    """
    The Bedrock model or inference profile is not in the catalog.
    """


class UnknownImageError(CatalogError):
    """
    No serving image fits, or the region has no registry.
    """


class UnknownPriceError(CatalogError):
    """
    The catalog has no price for this line in this region, and does not guess one.
    """


class RegionError(CatalogError):
    """
    The region is unknown or lacks a feature.
    """


class SizingError(CatalogError):
    """
    The model does not fit the machine as asked.
    """
