"""Helpers for test suites that synthesize our constructs, ours and yours."""

from genai_layers.testing.app import ACCOUNT, REGION, app, stack
from genai_layers.testing.template import Template, resources, template

__all__ = ["ACCOUNT", "REGION", "Template", "app", "resources", "stack", "template"]
