"""Put the documents into the bucket and wait until the state machine has ingested them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.local_cloud.clients import Clients

_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 180.0


class IngestionError(RuntimeError):
    """The documents were not ingested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """
    What one run of the ingestion state machine did.

    Attributes:
        scanned: Documents that the last run looked at.
        failed: Documents that it could not read.
        indexed: Documents that can be found now.
        runs: Ingestion jobs so far; every upload may start one of its own.
    """

    scanned: int
    failed: int
    indexed: int
    runs: int


def upload(clients: Clients, bucket: str, folder: Path) -> list[str]:
    """
    Copy every document of *folder* into *bucket*.

    Returns:
        list[str]: The object keys.
    """
    documents = sorted(path for path in folder.iterdir() if path.suffix in (".md", ".txt", ".pdf"))
    for document in documents:
        clients("s3").put_object(Bucket=bucket, Key=document.name, Body=document.read_bytes())
    return [document.name for document in documents]


def ingest(clients: Clients, state_machine_arn: str, knowledge_base_id: str, data_source_id: str) -> Ingested:
    """
    Start the state machine by hand and wait for its end.

    Raises:
        IngestionError: It failed, or it succeeded without having indexed anything.
    """
    states = clients("stepfunctions")
    began = time.monotonic()
    execution = states.start_execution(stateMachineArn=state_machine_arn, input="{}")["executionArn"]
    while True:
        described: Mapping[str, Any] = states.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            break
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise IngestionError(f"the state machine still ran after {_PATIENCE_SECONDS:.0f} s")
        time.sleep(_POLL_SECONDS)
    if described["status"] != "SUCCEEDED":
        raise IngestionError(
            f"the state machine ended with {described['status']}: {described.get('error')}: {described.get('cause')}"
        )
    source = {"knowledgeBaseId": knowledge_base_id, "dataSourceId": data_source_id}
    runs = _jobs(clients, source)
    job = max(runs, key=lambda run: run["startedAt"])
    statistics = job["statistics"]
    if job["status"] != "COMPLETE" or not statistics["numberOfDocumentsScanned"]:
        raise IngestionError(f"the ingestion job ended with {job['status']}: {json.dumps(statistics)}")
    return Ingested(
        scanned=statistics["numberOfDocumentsScanned"],
        failed=statistics["numberOfDocumentsFailed"],
        indexed=sum(
            run["statistics"]["numberOfNewDocumentsIndexed"] - run["statistics"]["numberOfDocumentsDeleted"]
            for run in runs
        ),
        runs=len(runs),
    )


def _jobs(clients: Clients, source: Mapping[str, str]) -> list[Mapping[str, Any]]:
    agent = clients("bedrock-agent")
    listed = agent.list_ingestion_jobs(**source)["ingestionJobSummaries"]
    return [agent.get_ingestion_job(**source, ingestionJobId=job["ingestionJobId"])["ingestionJob"] for job in listed]
