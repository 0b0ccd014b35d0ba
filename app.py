"""The deployable app: settings, then stacks, then checks, then synth."""

from __future__ import annotations

import sys
from pathlib import Path

import aws_cdk as cdk

from genai_layers.settings import SettingsError, load
from stacks.build import build
from stacks.checks import synthesize

ENVIRONMENTS = Path(__file__).parent / "stacks" / "environments"

# Our own plugin runs the same validator natively, nested templates included (docs/decisions/0004).
app = cdk.App(builtin_cloud_formation_validation=False, analytics_reporting=False)
try:
    settings = load(app.node.try_get_context("environment"), ENVIRONMENTS, app.node.get_all_context())
except SettingsError as fault:
    sys.stderr.write(f"{fault}\n")
    sys.exit(2)
try:
    build(app, settings)
except ValueError as fault:
    # What a construct of ours refuses, in the words of the construct; anything else is a fault of the program.
    if not type(fault).__module__.startswith("genai_layers."):
        raise
    sys.stderr.write(f"{settings.environment}.toml cannot be built: {fault}\n")
    sys.exit(2)
synthesize(app, settings)
