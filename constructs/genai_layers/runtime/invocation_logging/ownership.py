"""Taking a setting that an account has once, and giving it back as it was."""

from collections.abc import Mapping
from typing import Any, Protocol

Configuration = Mapping[str, Any]


class ConflictError(RuntimeError):
    """The setting belongs to somebody else, and we were not told to take it over."""


class Setting(Protocol):
    """The setting of the account in one region."""

    def get(self) -> Configuration | None:
        """Return what is set; None where nothing is."""
        ...

    def put(self, configuration: Configuration) -> None:
        """Replace what is set."""
        ...

    def delete(self) -> None:
        """Set nothing."""
        ...


class Memory(Protocol):
    """A place to keep what was there before us."""

    def save(self, configuration: Configuration) -> None:
        """Keep *configuration*."""
        ...

    def load(self) -> Configuration | None:
        """Return what was kept; None where nothing was."""
        ...


def destination(configuration: Configuration | None) -> tuple[str | None, str | None] | None:
    """
    Return log group and bucket, which tell whose a configuration is: both are made for their owner alone.

    Args:
        configuration: As the service returns it, or as we want it.
    """
    if not configuration:
        return None
    return (
        (configuration.get("cloudWatchConfig") or {}).get("logGroupName"),
        (configuration.get("s3Config") or {}).get("bucketName"),
    )


def take(
    wanted: Configuration, setting: Setting, memory: Memory, *, adopt: bool, before: Configuration | None = None
) -> str:
    """
    Set *wanted*, and return in a few words what was done.

    Args:
        wanted: What is to hold from now on.
        setting: The setting of the account.
        memory: Where a setting that is taken over is kept.
        adopt: Whether somebody else's setting may be taken over.
        before: What we had set until now, on an update. Default: nothing.

    Raises:
        ConflictError: Somebody else's setting is there and must not be taken over.
    """
    current = setting.get()
    free = current is None or destination(current) in (destination(wanted), destination(before))
    if not free and not adopt:
        group, bucket = destination(current) or (None, None)
        raise ConflictError(
            f"invocation logging of this account and region goes to log group {group} and bucket {bucket} already: "
            "give adopt_reason to take it over until this stack goes, or leave InvocationLogging out"
        )
    if not free and current is not None:
        memory.save(current)
    setting.put(wanted)
    return "set" if free else "taken over"


def give_back(ours: Configuration, setting: Setting, memory: Memory) -> str:
    """
    Put back what was there before us, and return in a few words what was done.

    What somebody else has set in the meantime stays: this also makes the deletion that follows a refused
    creation harmless.

    Args:
        ours: What we had set.
        setting: The setting of the account.
        memory: Where a setting that was taken over is kept.
    """
    if destination(setting.get()) != destination(ours):
        return "left alone"
    previous = memory.load()
    if previous is None:
        setting.delete()
        return "deleted"
    setting.put(previous)
    return "restored"
