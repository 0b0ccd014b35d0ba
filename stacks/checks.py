"""What a synth must pass: the cdk-nag packs of the environment, our own pack, the template validator."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App
from aws_cdk.cx_api import CloudAssembly

from genai_layers.foundation import nag
from genai_layers.settings import Settings

LEDGER = "acknowledgements.md"
"""File of the cloud assembly that an auditor reads: every accepted finding, where and why."""


def synthesize(app: App, settings: Settings) -> CloudAssembly:
    """
    Write the cloud assembly of *app* with its ledger, or raise on any finding that is not acknowledged.
    """
    nag.attach_checks(app, packs=settings.compliance.packs)
    assembly = nag.synthesize(app)
    nag.write_ledger(assembly.directory, Path(assembly.directory) / LEDGER)
    return assembly
