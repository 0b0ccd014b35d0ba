"""The border to cdk-nag and to the CDK's validation: checks in, findings and acknowledgements out."""

from genai_layers.foundation.nag.acknowledge import acknowledge
from genai_layers.foundation.nag.attach_checks import DEFAULT_PACKS, attach_checks
from genai_layers.foundation.nag.cloudformation_checks import CloudFormationChecks
from genai_layers.foundation.nag.errors import AcknowledgementError, ChecksError
from genai_layers.foundation.nag.genai_checks import GenAiChecks

__all__ = [
    "DEFAULT_PACKS",
    "AcknowledgementError",
    "ChecksError",
    "CloudFormationChecks",
    "GenAiChecks",
    "acknowledge",
    "attach_checks",
]
