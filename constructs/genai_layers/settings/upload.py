"""What an environment file may say of uploads."""

from __future__ import annotations

from pydantic import Field

from genai_layers.settings.section import Section


class UploadSettings(Section):
    """
    Documents of people, looked into before they may be retrieved.

    Attributes:
        enabled: Default: false; whoever may sign in speaks through a document to everybody who asks.
        document_mib: Largest document, MiB. Default: 10.
        documents_per_user: Documents of one user. Default: 50.
        mib_per_user: All documents of one user, MiB; room for one at least. Default: 200.
        malware_protection: Whether GuardDuty looks at each document first, at 0.09 USD a GB. Default: false.
    """

    enabled: bool = False
    document_mib: int = Field(default=10, ge=1, le=50)
    documents_per_user: int = Field(default=50, ge=1, le=10_000)
    mib_per_user: int = Field(default=200, ge=50, le=100_000)
    malware_protection: bool = False
