"""Buckets in memory, and data sets to put into them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genai_layers.runtime.data_gate.gate import BaseModel, Places, judge
from genai_layers.runtime.data_gate.lineage import StoredObject
from genai_layers.runtime.data_gate.objects import Opened
from genai_layers.runtime.data_gate.rules import Rules

PLACES = Places(data_bucket="data", incoming="incoming/", approved="approved/", report_bucket="out", runs="runs/")
RUN = "a" * 40
APPROVAL = "incoming/tickets/approved.json"
RULES = Rules(min_train_records=20, min_held_out_records=5)
BASE = BaseModel(identity="tiny 1", bucket="models", prefix="tiny/")


class Buckets:
    """Objects with their versions."""

    def __init__(self) -> None:
        self.versions: dict[tuple[str, str], list[bytes]] = {}

    def put(self, bucket: str, key: str, content: bytes) -> None:
        """Add a version."""
        self.versions.setdefault((bucket, key), []).append(content)

    def newest(self, bucket: str, key: str) -> bytes:
        """Content of the newest version."""
        return self.versions[bucket, key][-1]

    def keys(self, bucket: str, prefix: str) -> list[str]:
        """What lies below *prefix*."""
        return sorted(key for where, key in self.versions if where == bucket and key.startswith(prefix))

    def listed(self, bucket: str, prefix: str) -> list[StoredObject]:
        """As S3 lists."""
        return [
            StoredObject(key=key, size_bytes=len(content), etag=hashlib.md5(content).hexdigest())  # noqa: S324
            for key in self.keys(bucket, prefix)
            for content in (self.newest(bucket, key),)
        ]

    def opened(self, bucket: str, key: str) -> Opened:
        """In small pieces, so that lines are cut anywhere."""
        content = self.newest(bucket, key)
        pieces = (content[start : start + 7] for start in range(0, len(content), 7))
        return Opened(version_id=str(len(self.versions[bucket, key]) - 1), chunks=pieces)

    def copied(self, bucket: str, key: str, version_id: str, to: str) -> None:
        """One version."""
        self.put(bucket, to, self.versions[bucket, key][int(version_id)])

    def written(self, bucket: str, key: str, content: Mapping[str, Any]) -> None:
        """JSON."""
        self.put(bucket, key, json.dumps(content).encode())


def records(count: int, start: int = 0) -> Iterator[dict[str, str]]:
    """Different questions with different answers."""
    for number in range(start, start + count):
        yield {"prompt": f"How is ticket {number} closed?", "completion": f"Ticket {number} closes by its own form."}


def lines(values: Sequence[object]) -> bytes:
    """A JSONL file; text is taken as a line as it stands."""
    return b"".join((value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n" for value in values)


def offer(buckets: Buckets, train: bytes, held_out: bytes, **extra: bytes) -> None:
    """Put a data set into its folder and approve all of it."""
    files = {"train/a.jsonl": train, "held_out/a.jsonl": held_out, **extra}
    for name, content in files.items():
        buckets.put("data", f"incoming/tickets/{name}", content)
    approve(buckets, {name: hashlib.sha256(content).hexdigest() for name, content in files.items()})


def approve(buckets: Buckets, files: Mapping[str, str]) -> None:
    """Approve files by their digests."""
    buckets.put("data", APPROVAL, json.dumps({"files": files, "approved_by": "a reviewer"}).encode())


GOOD = list(records(40))
HELD = list(records(10, start=1000))


def verdict(buckets: Buckets, rules: Rules = RULES, base: BaseModel = BASE) -> dict[str, Any]:
    """What the gate says."""
    return judge(RUN, APPROVAL, rules, base, PLACES, buckets)


def report(buckets: Buckets) -> dict[str, Any]:
    """What the gate wrote down."""
    told: dict[str, Any] = json.loads(buckets.newest("out", f"runs/{RUN}/data-report.json"))
    return told
