"""What the steps of a job on SageMaker may stumble over, and how long they are tried again."""

from collections.abc import Sequence
from typing import Any

_FLEETING = ("SageMaker.ThrottlingException", "ThrottlingException")
_NO_ROOM = (
    "SageMaker.ResourceLimitExceededException",
    "SageMaker.ResourceLimitExceeded",
    "SageMaker.CapacityError",
)


def call_retries() -> list[dict[str, Any]]:
    """Return the retries of a call that is refused when there are too many at once."""
    return [_retry(_FLEETING, 10, 5)]


def job_retries() -> list[dict[str, Any]]:
    """Return the retries of a job: a full quota empties when another ends, so it is asked for again for half a day."""
    return [*call_retries(), _retry(_NO_ROOM, 60, 72)]


def lambda_retries() -> list[dict[str, Any]]:
    """Return the retries of a function that could not be reached."""
    errors = ("Lambda.ClientExecutionTimeoutException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException")
    return [_retry(errors, 2, 5)]


def _retry(errors: Sequence[str], seconds: int, attempts: int) -> dict[str, Any]:
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": seconds,
        "MaxAttempts": attempts,
        "BackoffRate": 1.5,
        "MaxDelaySeconds": 600,
        "JitterStrategy": "FULL",
    }
