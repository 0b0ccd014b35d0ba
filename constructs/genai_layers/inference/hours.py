"""
The hours of a week in which a fleet stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
"""The days of a week, as both schedulers of AWS name them."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """
    From when to when, on which days, and by whose clock.

    Hours that close at or before the time at which they open close on the day after.

    Attributes:
        opens: Time of day as on a 24-hour clock, `08:00`. Machines start then, and answer one start later.
        closes: Time of day; requests that run are ended first.
        time_zone: IANA name, such as `Europe/Berlin`; summer time is taken into account.
        days: Days on which they open. Default: Monday to Friday.

    Example:
        Hours(opens="07:30", closes="19:00", time_zone="Europe/Berlin")
    """

    opens: str
    closes: str
    time_zone: str
    days: Sequence[str] = DAYS[:5]

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = [
            f"hours have {name}={value!r}: give a time of a 24-hour clock such as '08:00'"
            for name, value in (("opens", self.opens), ("closes", self.closes))
            if not _CLOCK.fullmatch(value)
        ]
        if self.opens == self.closes:
            found.append(f"hours open and close at {self.opens!r}: choose two times, or leave scale_to_zero out")
        unknown = [day for day in self.days if day not in DAYS]
        if unknown or not self.days or len(set(self.days)) != len(self.days):
            found.append(f"hours have days={list(self.days)}: name each of {', '.join(DAYS)} once at most, and one")
        if not _is_zone(self.time_zone):
            found.append(f"hours have time_zone={self.time_zone!r}: give an IANA name such as 'Europe/Berlin' or 'UTC'")
        return tuple(found)

    @property
    def opening(self) -> str:
        """Minute, hour and days of the opening, `30 7 MON,TUE`."""
        return _moment(self.opens, self.days)

    @property
    def closing(self) -> str:
        """Minute, hour and days of the closing."""
        after_midnight = self.closes <= self.opens
        days = [DAYS[(DAYS.index(day) + after_midnight) % len(DAYS)] for day in self.days]
        return _moment(self.closes, days)


def _moment(clock: str, days: Sequence[str]) -> str:
    hour, minute = (int(part) for part in clock.split(":"))
    return f"{minute} {hour} {','.join(sorted(days, key=DAYS.index))}"


def _is_zone(name: str) -> bool:
    if not available_timezones():
        # A machine without the time zone database: the deploy will tell.
        return bool(re.fullmatch(r"[A-Za-z]+(/[A-Za-z0-9_+-]+)*", name))
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
