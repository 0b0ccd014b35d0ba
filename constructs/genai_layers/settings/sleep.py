"""What an environment file may say of the time without machines."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, Field, model_validator

from genai_layers.settings.section import Section

Day = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        # A machine without the time zone database cannot say; the deploy will.
        if available_timezones():
            raise ValueError(f"no time zone {name!r}: give an IANA name such as 'Europe/Berlin' or 'UTC'") from None
    return name


class SleepSettings(Section):
    """
    When the fleet has no machine, and what brings the first one back.

    Attributes:
        idle_minutes: Minutes without a request after which the last machine goes; a request then starts one, which
            takes as long as a start takes. With hours, outside of them only. Default: idleness takes no machine.
        opens: Time of day, as `07:30`, from which `min_machines` stand. Default: no hours.
        closes: Time of day at which they end.
        time_zone: IANA name of the clock, such as `Europe/Berlin`.
        days: Days on which they open. Default: Monday to Friday.
    """

    idle_minutes: int | None = Field(default=None, ge=5, le=1440)
    opens: ClockTime | None = None
    closes: ClockTime | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    days: tuple[Day, ...] = Field(default=("MON", "TUE", "WED", "THU", "FRI"), min_length=1, max_length=7)

    @property
    def is_asked_for(self) -> bool:
        """Whether the fleet may have no machine at all."""
        return self.idle_minutes is not None or self.opens is not None

    @model_validator(mode="after")
    def _hours_are_whole(self) -> Self:
        given = {"opens": self.opens, "closes": self.closes, "time_zone": self.time_zone}
        missing = [name for name, value in given.items() if value is None]
        if 0 < len(missing) < len(given):
            raise ValueError(f"hours need opens, closes and time_zone: give {' and '.join(missing)} too, or none")
        if self.opens is not None and self.opens == self.closes:
            raise ValueError(f"hours open and close at {self.opens!r}: choose two times")
        if len(set(self.days)) != len(self.days):
            raise ValueError(f"days names a day twice: {', '.join(self.days)}")
        return self
