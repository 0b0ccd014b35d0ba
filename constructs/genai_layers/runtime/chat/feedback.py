"""What a person says of an answer: read, kept with the exchange, counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from . import metrics, request
from .errors import BadRequestError, NotFoundError
from .model import Caller, Feedback, Rating
from .table import Conversations

MAX_COMMENT_CHARACTERS = 1_000

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_FIELDS = ("at", "comment", "rating")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def read(value: Mapping[str, Any]) -> tuple[int, Feedback]:
    """
    Return when the answer was kept, in milliseconds since 1970, and what is said of it.

    Args:
        value: The body of the request.

    Raises:
        BadRequestError: Names every fault.
    """
    faults = [
        f"{name!r} is not a field of a feedback: allowed are 'at', 'comment' and 'rating'"
        for name in sorted(set(value) - set(_FIELDS))
    ]
    at_ms = _moment(value.get("at"))
    if at_ms is None:
        faults.append("'at' is not the time of an answer: send the one that the answer gave")
    rating = value.get("rating")
    if rating not in [one.value for one in Rating]:
        faults.append("'rating' must be 'up' or 'down'")
    comment = value.get("comment")
    if comment is not None and not isinstance(comment, str):
        faults.append("'comment' must be text, or be left out")
    comment = comment.strip() if isinstance(comment, str) else ""
    if comment:
        faults += request.text_faults("'comment'", comment, MAX_COMMENT_CHARACTERS)
    if faults or at_ms is None:
        raise BadRequestError(faults)
    return at_ms, Feedback(rating=Rating(rating), comment=comment)


def keep(conversations: Conversations, caller: Caller, conversation_id: str, at_ms: int, said: Feedback) -> None:
    """
    Keep *said* of an answer of the caller, and count it where it is news.

    Raises:
        NotFoundError: The caller was given no answer at that time.
    """
    is_there, before = conversations.rate(caller.partition, conversation_id, at_ms, said)
    if not is_there:
        raise NotFoundError("there is no such answer of yours: send the 'at' that an answer gave")
    if before is None or before.rating is not said.rating:
        metrics.rated(said.rating)


def _moment(value: object) -> int | None:
    if not isinstance(value, str) or not _AT.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment - _BEGINNING) // timedelta(milliseconds=1) if moment > _BEGINNING else None
