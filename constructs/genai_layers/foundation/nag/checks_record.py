"""What ran: a small file beside the templates, for the ledger and for auditors."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

import aws_cdk as cdk
import jsii

from genai_layers.foundation.nag.deferred import settle

FILE = "genai-checks.json"
"""Name of the record in the cloud assembly."""


@jsii.implements(cdk.IPolicyValidationPlugin)
class ChecksRecord:
    """
    Finds nothing; settles deferred acknowledgements and writes down which plugins were attached.

    The report of the core leaves out every plugin that found nothing, so that a clean pack
    could not be told from one that never ran.

    Args:
        plugins: Names of the plugins that are attached, as acknowledgements write them.
    """

    def __init__(self, plugins: Sequence[str]) -> None:
        self._plugins = list(plugins)

    @property
    def name(self) -> str:
        """Name of the plugin; it never appears in the report."""
        return "GenAi Checks Record"

    @property
    def version(self) -> None:
        """Not given: the record has no rules."""
        return

    @property
    def rule_ids(self) -> list[str]:
        """None."""
        return []

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Write the record; called by the core at the end of the synth."""
        root = cast("cdk.App", context.app_construct)
        deferred = [asdict(acknowledgement) for acknowledgement in settle(root)]
        record = {"plugins": self._plugins, "deferred": deferred}
        (Path(root.outdir) / FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        return cdk.PolicyValidationPluginReport(success=True, violations=[])
