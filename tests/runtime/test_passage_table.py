"""The table of a knowledge base: made once or twice, dropped by its own id only, and waited for while waking up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from genai_layers.runtime.passage_table.handler import act
from genai_layers.runtime.passage_table.table import LONGEST_WAIT_SECONDS, Cluster

STATEMENTS = ["CREATE EXTENSION IF NOT EXISTS vector", "CREATE TABLE IF NOT EXISTS knowledge.passages_a (id uuid)"]


def fault(code: str, message: str = "refused") -> ClientError:
    """Return an error of the Data API."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "ExecuteStatement")


class DataApi:
    """A Data API that refuses some calls before it runs the rest."""

    def __init__(self, *faults: ClientError) -> None:
        self.ran: list[str] = []
        self.faults = list(faults)

    def execute_statement(self, **asked: str) -> dict[str, Any]:
        """Run one statement, or refuse it."""
        assert asked["database"] == "knowledge"
        if self.faults:
            raise self.faults.pop(0)
        self.ran.append(asked["sql"])
        return {}


def cluster(api: DataApi, waits: list[float] | None = None) -> Cluster:
    """Return a cluster behind a Data API, in which time passes at once."""
    waits = [] if waits is None else waits
    return Cluster(api, cluster_arn="cluster", secret_arn="secret", database="knowledge", pause=waits.append)


def event(kind: str, table: str = "knowledge.passages_a", **more: str) -> dict[str, Any]:
    """Return what CloudFormation asks."""
    properties = {"Table": table, "Statements": json.dumps(STATEMENTS)}
    return {"RequestType": kind, "ResourceProperties": properties, **more}


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_every_statement_is_run_in_its_order(kind: str) -> None:
    """The extension comes before the column that needs it."""
    api = DataApi()

    assert act(event(kind), cluster(api)) == "made"
    assert api.ran == STATEMENTS


@pytest.mark.parametrize(
    "refusal",
    [
        fault("DatabaseResumingException"),
        fault("BadRequestException", "Communications link failure"),
        fault("DatabaseUnavailableException"),
    ],
    ids=lambda error: error.response["Error"]["Code"],
)
def test_a_cluster_that_wakes_up_is_waited_for(refusal: ClientError) -> None:
    """A paused cluster, and one whose instance came up a moment ago, are no failure."""
    api = DataApi(refusal, refusal)
    waits: list[float] = []

    act(event("Create"), cluster(api, waits))

    assert api.ran == STATEMENTS
    assert len(waits) == 2


def test_a_cluster_that_never_wakes_up_is_a_failure_before_the_function_ends() -> None:
    """CloudFormation is told why, instead of waiting for an hour."""
    waits: list[float] = []

    with pytest.raises(ClientError, match="DatabaseResumingException"):
        act(event("Create"), cluster(DataApi(*[fault("DatabaseResumingException")] * 100), waits))

    assert sum(waits) <= LONGEST_WAIT_SECONDS


def test_a_statement_that_is_refused_is_a_failure_at_once() -> None:
    """Wrong SQL does not become right by waiting."""
    waits: list[float] = []

    with pytest.raises(ClientError, match="syntax error"):
        act(event("Create"), cluster(DataApi(fault("DatabaseErrorException", "syntax error")), waits))

    assert waits == []


def test_a_deleted_table_is_dropped() -> None:
    """The id names the table."""
    api = DataApi()

    assert act(event("Delete", PhysicalResourceId="knowledge.passages_a"), cluster(api)) == "dropped"
    assert api.ran == ["DROP TABLE IF EXISTS knowledge.passages_a"]


def test_a_creation_that_failed_before_it_had_a_table_drops_nothing() -> None:
    """CloudFormation deletes under an id of its own then."""
    api = DataApi()

    assert act(event("Delete", PhysicalResourceId="stack-Table-1ABC"), cluster(api)) == "was never made"
    assert api.ran == []


def test_a_cluster_that_is_gone_took_its_table_along() -> None:
    """A stack whose cluster was deleted by hand can still be deleted."""
    gone = DataApi(fault("DBClusterNotFoundFault"))

    assert act(event("Delete", PhysicalResourceId="knowledge.passages_a"), cluster(gone)) == "gone already"
