"""Attaching every check to an app."""

from collections.abc import Sequence

import aws_cdk as cdk

from genai_layers.foundation.nag.checks_record import ChecksRecord
from genai_layers.foundation.nag.cloudformation_checks import CloudFormationChecks
from genai_layers.foundation.nag.errors import ChecksError
from genai_layers.foundation.nag.genai_checks import GenAiChecks

_PACKS = {
    "AwsSolutions": "AwsSolutionsChecks",
    "NIST80053R5": "NIST80053R5Checks",
    "HIPAA": "HIPAASecurityChecks",
    "PCI": "PCIDSS321Checks",
}

DEFAULT_PACKS = tuple(_PACKS)
"""Every cdk-nag pack that can be attached, by the name that `attach_checks` takes."""


def attach_checks(app: cdk.App, packs: Sequence[str] = DEFAULT_PACKS) -> None:
    """
    Make the synth of *app* fail on a finding of cdk-nag, of our own pack or of the CloudFormation validator.

    Call it once, then `synthesize(app)`; only the synth of the app runs the checks, that of a stage runs none.
    Make the app with `builtin_cloud_formation_validation=False`:
    the same validator runs here, faster and stricter.

    Args:
        app: The app to check.
        packs: cdk-nag packs to attach. Default: all four.

    Raises:
        ChecksError: A pack that is not known, or one that is named twice.

    Example:
        attach_checks(app, packs=("AwsSolutions", "HIPAA"))
        synthesize(app)
    """
    faults = [f"pack {pack!r} is not known: choose from {', '.join(_PACKS)}" for pack in packs if pack not in _PACKS]
    faults += [f"pack {pack!r} is named twice" for pack in dict.fromkeys(packs) if packs.count(pack) > 1]
    if faults:
        raise ChecksError("; ".join(faults))
    import cdk_nag  # 0.2 s that only an app that is checked should pay

    plugins = [
        *(getattr(cdk_nag, _PACKS[pack])(app, verbose=True) for pack in packs),
        GenAiChecks(),
        CloudFormationChecks(),
    ]
    record = ChecksRecord([plugin.name.replace(" ", "-") for plugin in plugins])
    cdk.Validations.of(app).add_plugins(*plugins, record)
