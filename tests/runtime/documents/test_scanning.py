"""What a scan does with a document: accepted with its tenant, or refused with its reason, whatever comes twice."""

from __future__ import annotations

import json

import pytest

from genai_layers.runtime.document_scan.handler import judge, place_of
from tests.runtime.documents.corpus import BAD
from tests.runtime.documents.fakes import Uploads

TENANT = {"tenant_group_prefix": "tenant:"}


def test_a_document_gets_the_tenant_of_its_owner_first() -> None:
    """From the token; at no moment is the document there without it."""
    uploads = Uploads(**TENANT)
    document = uploads.upload("leave.txt", b"hello", groups=["tenant:acme"])
    uploads.arrived()

    key = f"uploads/acme/{document}/leave.txt"
    assert uploads.buckets.order == [f"{key}.metadata.json", key]
    assert json.loads(uploads.buckets.documents[f"{key}.metadata.json"]) == {"metadataAttributes": {"tenant": "acme"}}


@pytest.mark.parametrize("name", ["tags", "macros", "JavaScript", "an encrypted PDF", "a stream that unpacks"])
def test_a_refused_document_says_why_and_goes_nowhere(name: str) -> None:
    """The owner is told; what may be retrieved is what it was."""
    uploads = Uploads()
    kind, content, reason = BAD[name]
    document = uploads.upload(f"a.{kind}", content, kind)
    uploads.arrived()

    told = uploads.read(document)
    assert (told["status"], told["refused"]["code"]) == ("refused", reason)
    assert told["refused"]["message"]
    assert uploads.buckets.documents == {}


def test_an_event_that_comes_twice_changes_nothing() -> None:
    """EventBridge delivers at least once; a second upload with the same form is not looked at either."""
    uploads = Uploads()
    document = uploads.upload("a.txt", b"hello")
    uploads.arrived()
    key = next(iter(uploads.buckets.quarantine))
    uploads.buckets.quarantine[key] = b"other"
    uploads.arrived()

    assert uploads.buckets.documents == {f"uploads/-/{document}/a.txt": b"hello"}


def test_a_document_that_was_removed_meanwhile_is_taken_back() -> None:
    """A removal during the scan wins."""
    uploads = Uploads(**TENANT)
    document = uploads.upload("a.txt", b"hello", groups=["tenant:acme"])
    put = uploads.buckets.put

    def removed(key: str, content: bytes, media_type: str) -> None:
        put(key, content, media_type)
        uploads.send("DELETE /documents/{id}", path={"id": document}, groups=["tenant:acme"])

    uploads.buckets.put = removed  # type: ignore[method-assign]
    uploads.arrived()

    assert uploads.buckets.documents == {}


def test_a_scan_that_lost_a_race_leaves_what_the_other_accepted() -> None:
    """Two events of one upload at the same time."""
    uploads = Uploads()
    document = uploads.upload("a.txt", b"hello")
    key = next(iter(uploads.buckets.quarantine))
    put, event = uploads.buckets.put, {"detail": {"object": {"key": key}}}

    def raced(to: str, content: bytes, media_type: str) -> None:
        uploads.buckets.put = put  # type: ignore[method-assign]
        judge(event, uploads.scan)
        put(to, content, media_type)

    uploads.buckets.put = raced  # type: ignore[method-assign]
    judge(event, uploads.scan)

    assert uploads.read(document)["status"] == "accepted"
    assert uploads.buckets.documents


def test_an_upload_that_nobody_asked_for_is_left_alone() -> None:
    """There is no record, so there is nothing to accept."""
    uploads = Uploads()
    uploads.buckets.quarantine["dXNlciMtI2FkYQ==/" + "0" * 32] = b"hello"
    uploads.arrived()

    assert uploads.buckets.documents == {}


def test_a_document_above_the_limit_is_refused() -> None:
    """S3 holds the form to its size; the scan does not rely on it."""
    uploads = Uploads(most_bytes=10)
    document = uploads.upload("a.txt", b"hello")
    uploads.buckets.quarantine[next(iter(uploads.buckets.quarantine))] = b"x" * 50
    uploads.arrived()

    assert uploads.read(document)["refused"]["code"] == "size"


@pytest.mark.parametrize(
    ("tag", "status"),
    [("NO_THREATS_FOUND", "accepted"), ("THREATS_FOUND", "refused"), ("UNSUPPORTED", "refused"), (None, "refused")],
)
def test_the_tag_of_guard_duty_decides_first(tag: str | None, status: str) -> None:
    """Whatever is not free of threats is refused, unknown too."""
    uploads = Uploads(asks_guard_duty=True)
    document = uploads.upload("a.txt", b"hello")
    if tag:
        uploads.buckets.tags[next(iter(uploads.buckets.quarantine))] = tag
    uploads.arrived()

    assert uploads.read(document)["status"] == status


def test_both_kinds_of_events_are_read() -> None:
    """As S3 and GuardDuty send them."""
    s3 = {"detail-type": "Object Created", "detail": {"object": {"key": "k", "version-id": "v"}}}
    guard_duty = {"detail": {"s3ObjectDetails": {"objectKey": "k", "versionId": "v"}}}

    assert place_of(s3) == place_of(guard_duty) == ("k", "v")
    assert place_of({"detail": {"object": {"key": "k"}}}) == ("k", None)
