"""When an app that nobody works in is stopped."""

from dataclasses import dataclass

from aws_cdk import Duration

# API reference, IdleSettings (botocore 1.44.8): 60 to 525,600 minutes.
_SHORTEST_MINUTES, _LONGEST_MINUTES = 60, 525_600


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleShutdown:
    """
    Stops JupyterLab and the code editor when nobody has worked in them for a while.

    It cannot be turned off: an app is a machine that is billed by the hour.

    Attributes:
        after: Time without work after which an app is stopped, whole minutes, at least an hour. Default: one hour.
        longest: Longest time that a person may choose for a space. Default: *after*, so that nobody chooses.

    Example:
        IdleShutdown(after=Duration.hours(2), longest=Duration.hours(8))
    """

    after: Duration
    longest: Duration | None = None

    @classmethod
    def hourly(cls) -> "IdleShutdown":
        """Return the shortest that the service takes: one hour."""
        return cls(after=Duration.hours(1))

    def render(self) -> dict[str, object]:
        """Return the settings of an app as CloudFormation wants them."""
        minutes = self.after.to_minutes()
        return {
            "idleSettings": {
                "lifecycleManagement": "ENABLED",
                "idleTimeoutInMinutes": minutes,
                "minIdleTimeoutInMinutes": _SHORTEST_MINUTES,
                "maxIdleTimeoutInMinutes": minutes if self.longest is None else self.longest.to_minutes(),
            }
        }

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        given = {"after": self.after} | ({} if self.longest is None else {"longest": self.longest})
        minutes = {name: each.to_seconds() / 60 for name, each in given.items()}
        found = [
            f"idle shutdown has {name} of {value:g} minutes: choose {_SHORTEST_MINUTES} to {_LONGEST_MINUTES} whole "
            "minutes"
            for name, value in minutes.items()
            if not value.is_integer() or not _SHORTEST_MINUTES <= value <= _LONGEST_MINUTES
        ]
        if minutes.get("longest", minutes["after"]) < minutes["after"]:
            found.append(
                f"idle shutdown has longest of {minutes['longest']:g} minutes, below after of {minutes['after']:g}: "
                "raise longest"
            )
        return found
