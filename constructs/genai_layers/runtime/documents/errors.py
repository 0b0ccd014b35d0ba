"""What can go wrong with an upload beyond what can go wrong with any request."""

from __future__ import annotations

from ..chat.errors import ChatError


class TooManyDocumentsError(ChatError):
    """The user has as many documents, or as many bytes of them, as one may."""

    status = 409
    code = "too_many_documents"
