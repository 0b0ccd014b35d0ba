"""Attaches what a synth must pass: the cdk-nag packs of the environment, our own pack, the template validator."""

from __future__ import annotations

from aws_cdk import App

from genai_layers.foundation.nag import attach_checks
from genai_layers.settings import Settings


def attach(app: App, settings: Settings) -> None:
    """Make `app.synth()` fail on any finding that is not acknowledged beside its resource."""
    attach_checks(app, packs=settings.compliance.packs)
