"""
What can go wrong while a question is answered, each with what the caller is told.

    ChatError
    ├── BadRequestError          400  the request itself is at fault, all faults at once
    ├── NotAuthenticatedError    401  no user in the token, or the wrong kind of token
    ├── ForbiddenError           403  the user may not do this
    ├── NotFoundError            404  no such conversation of this user
    ├── ConflictError            409  the same request is being answered, or the conversation went away
    ├── TooLargeError            413  more than the function reads
    ├── KeyReusedError           422  an idempotency key came back with another request
    ├── BudgetExhaustedError     429  the user's or the tenant's tokens of the day are used up
    ├── BusyError                429  Bedrock or the table asks us to come back later
    ├── UpstreamError            502  the model failed
    │   └── NotTakenError        502  a model does not take this request; another may
    ├── NotJudgedError           502  the guardrail failed, and nothing unjudged is answered
    └── TooSlowError             504  the model did not answer in time
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class ChatError(Exception):
    """
    A request that gets no answer.

    Attributes:
        status: HTTP status.
        code: Short name that programs can rely on.
        retry_after_seconds: When to come back; None where coming back changes nothing.
    """

    status = 500
    code = "internal_error"
    retry_after_seconds: int | None = None


class BadRequestError(ChatError, ValueError):
    """
    The request cannot be understood or asks for what is not offered.

    Attributes:
        faults: Everything that is wrong with it.
    """

    status = 400
    code = "bad_request"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


class NotAuthenticatedError(ChatError):
    """The token names no user, or is not an access token."""

    status = 401
    code = "not_authenticated"


class ForbiddenError(ChatError):
    """The user is known but may not do this."""

    status = 403
    code = "forbidden"


class NotFoundError(ChatError):
    """There is no such conversation of this user, or no such route."""

    status = 404
    code = "not_found"


class ConflictError(ChatError):
    """The same request is being answered now, or the conversation was deleted meanwhile."""

    status = 409
    code = "conflict"

    def __init__(self, message: str, *, retry_after_seconds: int | None = None) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class TooLargeError(ChatError):
    """The body is larger than the function reads."""

    status = 413
    code = "request_too_large"


class KeyReusedError(ChatError):
    """An idempotency key came back with a different request."""

    status = 422
    code = "idempotency_key_reused"


class BudgetExhaustedError(ChatError):
    """
    The tokens of the day are used up.

    Attributes:
        resets_at: When the next day begins, UTC.
    """

    status = 429
    code = "token_budget_exhausted"

    def __init__(self, message: str, *, resets_at: datetime, now: datetime) -> None:
        self.resets_at = resets_at
        self.retry_after_seconds = max(1, int((resets_at - now).total_seconds()))
        super().__init__(message)


class BusyError(ChatError):
    """Amazon Bedrock or the table throttles us."""

    status = 429
    code = "throttled"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class UpstreamError(ChatError):
    """The model failed, and may not fail next time."""

    status = 502
    code = "model_unavailable"
    retry_after_seconds: int | None = 5


class NotTakenError(UpstreamError):
    """A model does not take this request, which says nothing about the next."""


class NotJudgedError(ChatError):
    """The guardrail could not be asked, and what is not judged is not answered."""

    status = 502
    code = "guardrail_unavailable"
    retry_after_seconds = 5


class TooSlowError(ChatError):
    """The model did not answer within the time that the API waits."""

    status = 504
    code = "model_timeout"
    retry_after_seconds = 5
