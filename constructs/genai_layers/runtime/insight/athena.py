"""Runs statements in Amazon Athena, once and not for long."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from ..chat.aws import client, translated
from ..chat.errors import BadRequestError, TooSlowError, UpstreamError
from .ports import InsightSettings, Result

MARGIN_SECONDS = 30.0
"""Left for the summary, and for the answer to be kept and sent."""

_OVER = "the question reads more data than this service allows: ask about a shorter time, or about less"


class Athena:
    """
    The engine.

    Args:
        settings: Settings of the application.
        athena: Client of athena. Default: one of its own.
        sleep: Waits, in seconds.
        clock: Seconds that pass.
    """

    def __init__(
        self,
        settings: InsightSettings,
        *,
        athena: Any | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._athena = athena or client("athena", seconds=10, attempts=3)
        self._sleep = sleep
        self._clock = clock

    def run(self, sql: str, name: str, seconds_left: Callable[[], float]) -> Result:
        """
        Return what *sql* brings.

        Args:
            sql: A statement that was checked.
            name: The same name runs once.
            seconds_left: Time until the function is stopped.

        Raises:
            BadRequestError: It reads more than the workgroup allows.
            TooSlowError: It took too long, and was stopped.
            UpstreamError: Athena failed, or could not run it.
        """
        with translated("the query engine"):
            started = self._athena.start_query_execution(
                QueryString=sql,
                ClientRequestToken=hashlib.sha256(f"{name}{sql}".encode()).hexdigest(),
                QueryExecutionContext={"Database": self._settings.database},
                WorkGroup=self._settings.workgroup,
            )
            query = started["QueryExecutionId"]
            scanned = self._wait(query, seconds_left)
            # The first row holds the names of the columns.
            most = min(1000, self._settings.max_rows + 1)
            page = self._athena.get_query_results(QueryExecutionId=query, MaxResults=most)
        columns = tuple(one["Name"] for one in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"])
        rows = [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in page["ResultSet"]["Rows"]]
        return Result(columns=columns, rows=tuple(rows[1 : self._settings.max_rows + 1]), bytes_scanned=scanned)

    def _wait(self, query: str, seconds_left: Callable[[], float]) -> int:
        """Return what was read once the statement has ended well."""
        until, pause = self._clock() + self._settings.query_seconds, 0.25
        while True:
            execution = self._athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
            state = execution["Status"]["State"]
            if state == "SUCCEEDED":
                return int(execution.get("Statistics", {}).get("DataScannedInBytes", 0))
            if state in ("FAILED", "CANCELLED"):
                # The reason quotes the statement, so it is neither shown nor logged.
                if "bytes scanned limit" in str(execution["Status"].get("StateChangeReason", "")).lower():
                    raise BadRequestError([_OVER])
                raise UpstreamError("the query engine could not run the statement: ask in other words")
            if self._clock() > until or seconds_left() < MARGIN_SECONDS:
                self._athena.stop_query_execution(QueryExecutionId=query)
                raise TooSlowError("the query took too long and was stopped: ask about less")
            self._sleep(pause)
            pause = min(2.0, pause * 1.5)
