"""The border to cdk-nag and to the CDK's validation: checks in, findings and acknowledgements out."""

from genai_layers.foundation.nag.acknowledge import MINIMUM_REASON, acknowledge, says_why
from genai_layers.foundation.nag.attach_checks import DEFAULT_PACKS, attach_checks
from genai_layers.foundation.nag.cloudformation_checks import CloudFormationChecks
from genai_layers.foundation.nag.errors import AcknowledgementError, ChecksError, FindingsError
from genai_layers.foundation.nag.genai_checks import GenAiChecks
from genai_layers.foundation.nag.ledger import ledger, unmatched_acknowledgements, write_ledger
from genai_layers.foundation.nag.synthesize import synthesize

__all__ = [
    "DEFAULT_PACKS",
    "MINIMUM_REASON",
    "AcknowledgementError",
    "ChecksError",
    "CloudFormationChecks",
    "FindingsError",
    "GenAiChecks",
    "acknowledge",
    "attach_checks",
    "ledger",
    "says_why",
    "synthesize",
    "unmatched_acknowledgements",
    "write_ledger",
]
