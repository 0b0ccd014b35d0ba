"""What Athena is sent is what it takes; a statement that reads too much or takes too long is stopped and said so."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.stub import ANY, Stubber

from genai_layers.runtime.chat.errors import BadRequestError, TooSlowError, UpstreamError
from genai_layers.runtime.insight.athena import Athena
from tests.runtime.test_insight import SQL, Insight

SECRET = "Query: SELECT secret"


@pytest.fixture
def athena() -> tuple[Any, Stubber]:
    """A client that asks nobody, and what it is answered."""
    client = botocore.session.Session().create_client(
        "athena",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    stubber = Stubber(client)
    stubber.activate()
    stubber.add_response(
        "start_query_execution",
        {"QueryExecutionId": "q1"},
        {
            "QueryString": SQL,
            "ClientRequestToken": ANY,
            "QueryExecutionContext": {"Database": "shop"},
            "WorkGroup": "w",
        },
    )
    return client, stubber


def _state(stubber: Stubber, state: str, reason: str = "", scanned: int = 0) -> None:
    stubber.add_response(
        "get_query_execution",
        {
            "QueryExecution": {
                "Status": {"State": state, "StateChangeReason": reason},
                "Statistics": {"DataScannedInBytes": scanned},
            }
        },
        {"QueryExecutionId": "q1"},
    )


def _engine(client: Any, ticks: list[float] | None = None) -> Athena:
    times = iter(ticks or [])
    return Athena(Insight().ports.settings, athena=client, sleep=lambda _: None, clock=lambda: next(times, 0.0))


def test_rows_come_without_the_names_of_their_columns(athena: tuple[Any, Stubber]) -> None:
    """Athena's first row repeats them; an absent value is told from an empty one."""
    client, stubber = athena
    _state(stubber, "QUEUED")
    _state(stubber, "RUNNING")
    _state(stubber, "SUCCEEDED", scanned=4096)
    stubber.add_response(
        "get_query_results",
        {
            "ResultSet": {
                "ResultSetMetadata": {
                    "ColumnInfo": [{"Name": "status", "Type": "varchar"}, {"Name": "total", "Type": "double"}]
                },
                "Rows": [
                    {"Data": [{"VarCharValue": "status"}, {"VarCharValue": "total"}]},
                    {"Data": [{"VarCharValue": "open"}, {}]},
                ],
            }
        },
        {"QueryExecutionId": "q1", "MaxResults": 51},
    )

    result = _engine(client).run(SQL, "r1", lambda: 200.0)

    assert (result.columns, result.rows, result.bytes_scanned) == (("status", "total"), (("open", None),), 4096)


@pytest.mark.parametrize(
    ("state", "reason", "error"),
    [
        ("CANCELLED", "Bytes scanned limit was exceeded", BadRequestError),
        ("FAILED", f"SYNTAX_ERROR: {SECRET}", UpstreamError),
        ("CANCELLED", "", UpstreamError),
    ],
)
def test_a_statement_that_fails_says_so_without_its_words(
    state: str, reason: str, error: type[Exception], athena: tuple[Any, Stubber]
) -> None:
    """Too much to read is the question's fault, the rest is not."""
    client, stubber = athena
    _state(stubber, state, reason)

    with pytest.raises(error) as caught:
        _engine(client).run(SQL, "r1", lambda: 200.0)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("ticks", "left"), [([0.0, 31.0], 200.0), ([0.0, 1.0], 29.0)])
def test_a_statement_that_takes_too_long_is_stopped(
    ticks: list[float], left: float, athena: tuple[Any, Stubber]
) -> None:
    """By its own time, or by what the function has left."""
    client, stubber = athena
    _state(stubber, "RUNNING")
    stubber.add_response("stop_query_execution", {}, {"QueryExecutionId": "q1"})

    with pytest.raises(TooSlowError):
        _engine(client, ticks).run(SQL, "r1", lambda: left)

    stubber.assert_no_pending_responses()
