"""What the application raises. Every error is a ValueError and names all faults of one object."""

from __future__ import annotations

from collections.abc import Sequence


class ApplicationError(ValueError):
    """A part of the application was asked for something that it cannot be."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class UserDirectoryError(ApplicationError):
    """The user directory was asked for with settings that Cognito would refuse, or that protect nobody."""


class ApiError(ApplicationError):
    """The API was asked for with limits or origins that it cannot have."""


class DocumentUploadError(ApplicationError):
    """Uploads were asked for with limits that let nothing through, or more than the services take."""


class ChatServiceError(ApplicationError):
    """The chat was asked for with limits that its parts do not allow."""


class AssistantError(ApplicationError):
    """An application beside the chat was asked for with what its parts do not allow."""


class EvaluationError(ApplicationError):
    """An evaluation was asked for with a golden set or thresholds that judge nothing."""


class WebPageError(ApplicationError):
    """The page was asked for with a name and a certificate that do not go together."""
