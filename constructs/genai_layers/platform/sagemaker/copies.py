"""How many copies of a model there are, and what makes them more or fewer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledBounds:
    """
    Other bounds from a moment on, such as none at night.

    Attributes:
        name: What the action is called.
        expression: `cron(...)`, `rate(...)` or `at(...)`, as Application Auto Scaling takes it.
        minimum: Lower bound from then on.
        maximum: Upper bound from then on.
        timezone: Time zone of the expression. Default: UTC.

    Example:
        ScheduledBounds(name="evening", expression="cron(0 19 * * ? *)", minimum=0, maximum=0, timezone="Europe/Berlin")
    """

    name: str
    expression: str
    minimum: int
    maximum: int
    timezone: str = "UTC"

    def render(self) -> dict[str, object]:
        """Return the action as CloudFormation wants it."""
        return {
            "scheduledActionName": self.name,
            "schedule": self.expression,
            "timezone": self.timezone,
            "scalableTargetAction": {"minCapacity": self.minimum, "maxCapacity": self.maximum},
        }

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        found = []
        if not self.expression.startswith(("cron(", "rate(", "at(")):
            found.append(f"schedule {self.name!r} has expression {self.expression!r}: begin with cron(, rate( or at(")
        if not 0 <= self.minimum <= self.maximum:
            found.append(
                f"schedule {self.name!r} has bounds {self.minimum} to {self.maximum}: choose 0 <= minimum <= maximum"
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """
    Bounds for the copies of a model, and the figure that they are kept at; make one with the class methods.

    Attributes:
        minimum: Lower bound; 0 costs nothing while nobody asks, and the first requests fail for minutes.
        maximum: Upper bound.
        concurrency: Requests that one copy has in hand at once; above it there are more copies. None for none.
        metric: Figure of your own to keep *target* of, for each copy; None for the requests in hand.
        target: Value of *metric*.
        scale_in_after: How long a copy is kept after the last change.
        scale_out_after: How long to wait for a new copy to help before asking for another.
        schedule: Other bounds at other times.
    """

    minimum: int
    maximum: int
    concurrency: float | None = None
    metric: cloudwatch.Metric | None = None
    target: float | None = None
    scale_in_after: Duration = field(default_factory=lambda: Duration.minutes(5))
    scale_out_after: Duration = field(default_factory=lambda: Duration.minutes(2))
    schedule: tuple[ScheduledBounds, ...] = ()

    @classmethod
    def fixed(cls, count: int) -> "Copies":
        """
        Return always the same number.

        Args:
            count: How many; 2 and more stand in several zones.
        """
        return cls(minimum=count, maximum=count)

    @classmethod
    def on_concurrency(cls, minimum: int, maximum: int, *, per_copy: float = 5) -> "Copies":
        """
        Return as many as the requests in hand ask for.

        Args:
            minimum: Lower bound; 0 scales to zero.
            maximum: Upper bound.
            per_copy: Requests in hand at once of one copy. Default: 5, with which a model of 8 billion parameters on
                one GPU still answers at half of its single speed; measure yours.
        """
        return cls(minimum=minimum, maximum=maximum, concurrency=per_copy)

    @classmethod
    def on_metric(cls, metric: cloudwatch.Metric, target: float, *, minimum: int, maximum: int) -> "Copies":
        """
        Return as many as a figure of the container asks for, such as the requests that wait in it.

        Args:
            metric: The figure; it must fall when there are more copies.
            target: Value that it is kept at.
            minimum: Lower bound; 0 scales to zero.
            maximum: Upper bound.
        """
        return cls(minimum=minimum, maximum=maximum, metric=metric, target=target)

    def at(self, *schedule: ScheduledBounds) -> "Copies":
        """
        Return the same with other bounds at other times.

        Args:
            *schedule: When, and which.
        """
        return replace(self, schedule=(*self.schedule, *schedule))

    @property
    def initial(self) -> int:
        """Copies of the first deploy: at least one, so that it fails where the model does not start."""
        return max(1, self.minimum)

    @property
    def scales(self) -> bool:
        """Whether the number ever changes."""
        return self.minimum != self.maximum or bool(self.schedule)

    @property
    def reaches_zero(self) -> bool:
        """Whether there are times without a copy."""
        return self.minimum == 0 or any(each.minimum == 0 for each in self.schedule)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        found = [fault for each in self.schedule for fault in each.faults()]
        if not 0 <= self.minimum <= self.maximum or self.maximum < 1:
            found.append(
                f"copies are {self.minimum} to {self.maximum}: choose 0 <= minimum <= maximum and 1 <= maximum"
            )
        for name, value in (("per_copy", self.concurrency), ("target", self.target)):
            if value is not None and value <= 0:
                found.append(f"copies have {name}={value}: choose more than 0")
        if self.minimum != self.maximum and self.concurrency is None and self.metric is None:
            found.append(
                "copies have bounds and follow nothing: use Copies.on_concurrency(...) or Copies.on_metric(...)"
            )
        names = [each.name for each in self.schedule]
        found += _twice(names)
        return found


def schedule_faults(schedule: Sequence[ScheduledBounds], least: int) -> list[str]:
    """
    Return what nobody could have of the bounds of machines at other times.

    Args:
        schedule: The bounds.
        least: Machines that there must be at any time.
    """
    return [
        *(fault for each in schedule for fault in each.faults()),
        *_twice([each.name for each in schedule]),
        *(
            f"schedule {each.name!r} goes down to {each.minimum}, and this endpoint needs {least} at any time: raise "
            "its minimum, or lower that of the instances with a reason"
            for each in schedule
            if each.minimum < least
        ),
    ]


def _twice(names: Sequence[str]) -> list[str]:
    return [
        f"schedule {name!r} is there twice: give each a name" for name in dict.fromkeys(names) if names.count(name) > 1
    ]
