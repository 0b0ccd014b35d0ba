"""The page on operations lists the alarms of endpoints, jobs, agents and checks."""

from __future__ import annotations

import re
from pathlib import Path

from genai_layers.operations.drift_watches import DRIFT
from genai_layers.operations.hosting_watches import QUEUED_ENDPOINT, WAKING_ENDPOINT
from genai_layers.operations.queue_watches import FAILED_EVENTS
from genai_layers.operations.work_watches import IDLE_CHECK, JOB, TIMED_AGENT

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
ON_THE_PAGE = {
    "monitor_endpoint": (WAKING_ENDPOINT, QUEUED_ENDPOINT),
    "monitor_job": (JOB,),
    "monitor_agent": (TIMED_AGENT,),
    "monitor_drift": (DRIFT,),
    "monitor_failed_events": (FAILED_EVENTS,),
    "monitor_idle_check": (IDLE_CHECK,),
}


def test_every_alarm_of_them_is_on_the_page() -> None:
    """With its threshold, its periods and what it means."""
    lines = [
        f"| `{method}` | `{row.id}` | {row.threshold:.10g} in {row.of_them or row.periods} of {row.periods} × "  # noqa: RUF001
        f"{row.minutes} min | {row.means} |"
        for method, watches in ON_THE_PAGE.items()
        for watch in watches
        for row in watch.alarms
    ]
    table = re.findall(r"<!-- more alarms: begin -->\n(.*?)\n<!-- more alarms: end -->", PAGE, re.S)

    assert table[0].splitlines()[2:] == list(dict.fromkeys(lines))
