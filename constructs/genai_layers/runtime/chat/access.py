"""Which models a caller may use: by the groups of the token, and by nothing that a request says."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import BadRequestError, ForbiddenError
from .model import Caller
from .named_models import AUTO, EVERYONE
from .settings import ChatSettings


def offered(settings: ChatSettings, caller: Caller) -> tuple[str, ...]:
    """
    Return the names that *caller* may use, in the order of the deployment.

    Args:
        settings: Settings of the function.
        caller: Who asks.
    """
    if settings.allowed_models is None:
        return settings.model_names
    allowed = {name for group in (EVERYONE, *caller.groups) for name in settings.allowed_models.get(group, ())}
    return tuple(name for name in settings.model_names if name in allowed)


def listed(settings: ChatSettings, caller: Caller) -> tuple[str, ...]:
    """Return what a request of *caller* may name: models, and the choice among them where there is one."""
    names = offered(settings, caller)
    return (AUTO, *names) if settings.models and names else names


def chosen(settings: ChatSettings, caller: Caller, wanted: str | None) -> Sequence[str]:
    """
    Return the models that may answer.

    Args:
        settings: Settings of the function.
        caller: Who asks.
        wanted: Name in the request; None leaves the choice to us.

    Raises:
        BadRequestError: The deployment has no model of that name.
        ForbiddenError: The groups of the caller may not use it, or none at all.
    """
    names = offered(settings, caller)
    if not names:
        raise ForbiddenError("the user's groups may use no model: ask an administrator")
    if wanted is None or (wanted == AUTO and settings.models):
        return names
    if wanted not in settings.model_names:
        raise BadRequestError([f"'model' is {wanted[:80]!r}: there is {', '.join(listed(settings, caller))}"])
    if wanted not in names:
        raise ForbiddenError(f"the user's groups may not use the model {wanted!r}: name one that GET /v1/models lists")
    return (wanted,)
