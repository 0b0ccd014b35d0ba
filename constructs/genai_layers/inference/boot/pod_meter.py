# Runs beside the engine in its pod. There is no log driver as on ECS, so it writes its lines to CloudWatch Logs itself,
# with the role of the pod; CloudWatch takes the metrics out of them.
"""Does what meter.py does, for a pod of Kubernetes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import botocore.exceptions
import meter  # type: ignore[import-not-found]  # its neighbour in the pod


class LogStream:
    # One stream of the fleet's log group, named after the pod.

    def __init__(self, client: Any, group: str, stream: str) -> None:
        self._client = client
        self._group = group
        self._stream = stream

    def write(self, line: str) -> None:
        event = {"timestamp": int(time.time() * 1000), "message": line}
        try:
            try:
                self._put(event)
            except self._client.exceptions.ResourceNotFoundException:
                self._client.create_log_stream(logGroupName=self._group, logStreamName=self._stream)
                self._put(event)
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            # Health goes on without metrics; the container's own log says so.
            print(f"not told: {error}", file=sys.stderr, flush=True)  # noqa: T201

    def _put(self, event: dict[str, Any]) -> None:
        self._client.put_log_events(logGroupName=self._group, logStreamName=self._stream, logEvents=[event])


def main() -> None:
    os.environ["API_KEY"] = (Path(os.environ["RUN_FOLDER"]) / "api-key").read_text(encoding="utf-8")
    client = boto3.client("logs", region_name=os.environ["AWS_REGION"])
    meter.main(LogStream(client, os.environ["LOG_GROUP"], f"probe/{os.environ['POD_NAME']}").write)


if __name__ == "__main__":
    main()
