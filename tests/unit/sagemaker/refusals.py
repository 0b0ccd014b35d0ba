"""Refusals of endpoints, and what it takes to provoke them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aws_cdk import aws_ecr as ecr
from sagemaker_estate import Estate

from genai_layers.platform.sagemaker import EndpointError, HostingImage, Machines


def types(*names: str, **props) -> Machines:
    """Return machines of some types."""
    return Machines(instance_types=names, **props)


def refused(make: Callable[[], object]) -> str:
    """Return the message of the refusal."""
    with pytest.raises(EndpointError) as caught:
        make()
    return str(caught.value)


def own_image(estate: Estate, **props) -> HostingImage:
    """Return an image of ours."""
    return HostingImage.private(ecr.Repository.from_repository_name(estate.stack, "Images", "serving"), "1.0", **props)
