"""What a synth must pass: the cdk-nag packs of the environment, our own pack, the template validator."""

from __future__ import annotations

from aws_cdk import App
from aws_cdk.cx_api import CloudAssembly

from genai_layers.foundation import nag
from genai_layers.settings import Settings


def synthesize(app: App, settings: Settings) -> CloudAssembly:
    """
    Write the cloud assembly of *app*, or raise on any finding that is not acknowledged beside its resource.
    """
    nag.attach_checks(app, packs=settings.compliance.packs)
    return nag.synthesize(app)
