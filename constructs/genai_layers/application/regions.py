"""Refusing a region that lacks what a part is made of, with its name, before anything is deployed."""

from __future__ import annotations

from aws_cdk import Stack, Token
from constructs import IConstruct

from genai_layers.catalog import regions


def require_region(construct: IConstruct, *features: str) -> None:
    """
    Refuse the region of *construct* where it lacks one of *features*; an unknown region passes.

    Args:
        construct: What is defined.
        *features: CloudFormation types that it is made of.

    Raises:
        RegionError: Names what is missing and regions that have it.
    """
    region = Stack.of(construct).region
    if not Token.is_unresolved(region):
        regions.require(region, *features)
