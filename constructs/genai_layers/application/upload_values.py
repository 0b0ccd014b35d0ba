"""How much of what people may upload."""

from __future__ import annotations

from dataclasses import dataclass, field

from aws_cdk import Duration, Size

from genai_layers.application.errors import DocumentUploadError

MAX_DOCUMENT = Size.mebibytes(50)
"""Largest document that a knowledge base reads (Bedrock quotas, read 2026-11-25)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """
    Limits of uploads.

    Attributes:
        document: Largest document, in whole bytes. Default: 10 MiB.
        documents: Documents of one user, accepted and waiting. Default: 50.
        user: All of them together. Default: 200 MiB.
        form: Time in which an upload has to begin. Default: 5 minutes.
        quarantine: Age at which an upload goes from quarantine, refused ones among them, in days. Default: 7 days.
        reasons: How long the reason of a refusal is kept, in days. Default: 30 days.

    Raises:
        DocumentUploadError: A limit lets nothing through, or more than the services take.
    """

    document: Size = field(default_factory=lambda: Size.mebibytes(10))
    documents: int = 50
    user: Size = field(default_factory=lambda: Size.mebibytes(200))
    form: Duration = field(default_factory=lambda: Duration.minutes(5))
    quarantine: Duration = field(default_factory=lambda: Duration.days(7))
    reasons: Duration = field(default_factory=lambda: Duration.days(30))

    def __post_init__(self) -> None:
        faults = []
        if not 1 <= self.document.to_bytes() <= MAX_DOCUMENT.to_bytes():
            faults.append(f"document is {self.document.to_bytes():g} bytes: give 1 byte to 50 MiB")
        if self.user.to_bytes() < self.document.to_bytes():
            faults.append("user is less than document: give at least room for one")
        if self.documents < 1:
            faults.append(f"documents is {self.documents}: give at least 1")
        if not 1 <= self.form.to_minutes() <= 15:
            faults.append(f"form is {self.form.to_minutes():g} minutes: give 1 to 15, since whoever has it may upload")
        for name, days in (("quarantine", self.quarantine.to_days()), ("reasons", self.reasons.to_days())):
            if not 1 <= days <= 365:
                faults.append(f"{name} is {days:g} days: give 1 to 365")
        if faults:
            raise DocumentUploadError(faults)
