"""How much of what people and models write is kept in the invocation log."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Stack

from genai_layers.foundation.nag import MINIMUM_REASON, says_why

# CloudWatch Logs user guide, "Types of data that you can protect": ids of managed identifiers.
MASKED_IDENTIFIERS = (
    "Address",
    "AwsSecretKey",
    "BankAccountNumber-DE",
    "BankAccountNumber-ES",
    "BankAccountNumber-FR",
    "BankAccountNumber-GB",
    "BankAccountNumber-IT",
    "BankAccountNumber-US",
    "CreditCardNumber",
    "CreditCardSecurityCode",
    "EmailAddress",
    "Name",
    "OpenSshPrivateKey",
    "PassportNumber-US",
    "PgpPrivateKey",
    "PhoneNumber-DE",
    "PhoneNumber-FR",
    "PhoneNumber-GB",
    "PhoneNumber-US",
    "PkcsPrivateKey",
    "PuttyPrivateKey",
    "Ssn-US",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedContent:
    """
    One of three choices; made by the factories.

    Attributes:
        keeps_text: Whether requests and answers are kept at all.
        is_masked: Whether CloudWatch masks personal data in them.
        in_bucket: Whether they also go to the bucket, where nothing is masked.
        reason: Why they are kept unmasked; empty for the other choices.
    """

    keeps_text: bool
    is_masked: bool
    in_bucket: bool
    reason: str = ""

    @classmethod
    def metadata(cls) -> Self:
        """Return who called which model when, with token counts, and nothing of what was written."""
        return cls(keeps_text=False, is_masked=False, in_bucket=True)

    @classmethod
    def masked(cls) -> Self:
        """Return requests and answers in CloudWatch, with personal data masked; the default."""
        return cls(keeps_text=True, is_masked=True, in_bucket=False)

    @classmethod
    def full(cls, *, reason: str) -> Self:
        """
        Return requests and answers as they were, images, sound and vectors included, in the bucket too.

        Args:
            reason: Why that is needed and allowed, in at least 20 characters. It lands in the template.
        """
        return cls(keeps_text=True, is_masked=True, in_bucket=True, reason=reason)

    def faults(self) -> list[str]:
        """Return what is missing to justify the choice."""
        if not (self.keeps_text and self.in_bucket) or says_why(self.reason):
            return []
        return [
            f"content is kept in full with reason {self.reason!r}: say in at least {MINIMUM_REASON} characters why "
            "that is needed and allowed"
        ]

    def masking(self, stack: Stack) -> dict[str, object] | None:
        """
        Return the data protection policy of the log group; None where nothing is to be masked.

        Args:
            stack: Gives the partition.
        """
        if not self.is_masked:
            return None
        identifiers = [
            f"arn:{stack.partition}:dataprotection::aws:data-identifier/{name}" for name in MASKED_IDENTIFIERS
        ]
        return {
            "Name": "mask-personal-data",
            "Version": "2021-06-01",
            "Statement": [
                {
                    "Sid": "Audit",
                    "DataIdentifier": identifiers,
                    "Operation": {"Audit": {"FindingsDestination": {}}},
                },
                {"Sid": "Mask", "DataIdentifier": identifiers, "Operation": {"Deidentify": {"MaskConfig": {}}}},
            ],
        }
