"""People upload documents, see what became of them and remove them, and reach nobody else's."""

from __future__ import annotations

import base64
import json
from typing import Any

import botocore.session
import pytest

from genai_layers.runtime.chat.store import Store
from genai_layers.runtime.documents.aws import S3Buckets
from genai_layers.runtime.documents.model import Document, Progress
from genai_layers.runtime.documents.records import Documents
from genai_layers.runtime.documents.request import Wanted
from genai_layers.runtime.documents.settings import read
from genai_layers.runtime.shared.env import Environment, MissingSettingError
from tests.runtime.documents.fakes import SETTINGS, Uploads
from tests.runtime.fakes import Clock

TENANT = {"tenant_group_prefix": "tenant:"}


def test_an_upload_is_awaited_under_a_name_of_ours() -> None:
    """The address is told once, and the status waits."""
    uploads = Uploads()

    status, body = uploads.ask("leave.txt", 5)

    assert status == 201
    assert (body["name"], body["status"], body["type"]) == ("leave.txt", "waiting", "text/plain")
    assert body["upload"]["fields"]["key"].endswith(f"/{body['id']}")
    assert uploads.read(body["id"]).get("upload") is None


def test_the_form_takes_one_document_and_nothing_else() -> None:
    """Key, size, type, checksum and key of encryption are in the policy that is signed, for five minutes."""
    client = botocore.session.get_session().create_client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    wanted = Wanted(name="a.txt", size=5, kind="txt", sha256="00" * 32)

    form = S3Buckets(SETTINGS, client=client).upload("k/1", wanted, "text/plain")

    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    conditions = policy["conditions"]
    for exact in (
        {"bucket": "quarantine"},
        {"key": "k/1"},
        {"Content-Type": "text/plain"},
        {"x-amz-server-side-encryption": "aws:kms"},
        {"x-amz-server-side-encryption-aws-kms-key-id": SETTINGS.key_arn},
        {"x-amz-checksum-sha256": base64.b64encode(b"\0" * 32).decode()},
        ["content-length-range", 5, 5],
    ):
        assert exact in conditions
    assert not [one for one in conditions if isinstance(one, list) and one[0] == "starts-with"]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, 3),
        ({"name": "../a.txt", "size": 5, "type": "text/plain"}, 2),
        ({"name": "a/b.txt", "size": 5, "type": "text/plain"}, 1),
        ({"name": "a\\b.txt", "size": 5, "type": "text/plain"}, 1),
        ({"name": ".txt", "size": 5, "type": "text/plain"}, 1),
        ({"name": "a\u202etxt.txt", "size": 5, "type": "text/plain"}, 1),
        ({"name": "a.exe", "size": 5, "type": "text/plain"}, 1),
        ({"name": "a.txt.metadata.json", "size": 5, "type": "application/json"}, 1),
        ({"name": "a.pdf", "size": 5, "type": "text/plain"}, 1),
        ({"name": "a.txt", "size": 0, "type": "text/plain"}, 1),
        ({"name": "a.txt", "size": True, "type": "text/plain"}, 1),
        ({"name": "a.txt", "size": 99_999_999, "type": "text/plain"}, 1),
        ({"name": "a.txt", "size": 5, "type": "text/plain", "tenant": "globex"}, 1),
        ({"name": "a.txt", "size": 5, "type": "text/plain", "sha256": "zz"}, 1),
        ({"name": "x" * 100 + ".txt", "size": 5, "type": "text/plain"}, 1),
    ],
)
def test_every_fault_of_a_request_is_told(body: dict[str, Any], faults: int) -> None:
    """And nothing is awaited."""
    uploads = Uploads()

    status, answer = uploads.send("POST /documents", body=body)

    assert (status, len(answer["error"]["faults"])) == (400, faults)
    assert not uploads.store.items


def test_a_clean_document_is_accepted_and_removed_again() -> None:
    """It lies under a key of ours, and nothing of it is left."""
    uploads = Uploads()
    document = uploads.upload("leave.txt", b"Leave is 28 days.")
    uploads.arrived()

    assert uploads.read(document)["status"] == "accepted"
    assert uploads.buckets.documents == {f"uploads/-/{document}/leave.txt": b"Leave is 28 days."}

    assert uploads.send("DELETE /documents/{id}", path={"id": document}) == (204, None)
    assert uploads.buckets.documents == {}
    assert uploads.send("GET /documents/{id}", path={"id": document})[0] == 404


def test_the_documents_of_another_are_not_there() -> None:
    """Neither shown nor listed nor removed, nor told apart from none."""
    uploads = Uploads()
    document = uploads.upload("leave.txt", b"hello")
    uploads.arrived()

    for method in ("GET", "DELETE"):
        assert uploads.send(f"{method} /documents/{{id}}", user="eve", path={"id": document})[0] == 404
    assert uploads.send("GET /documents", user="eve")[1]["documents"] == []
    assert len(uploads.send("GET /documents")[1]["documents"]) == 1
    assert uploads.buckets.documents


@pytest.mark.parametrize("value", ["", "x", "../x", "0" * 31, "0" * 64])
def test_what_is_no_id_is_not_there(value: str) -> None:
    """Whatever it may lead to."""
    assert Uploads().send("GET /documents/{id}", path={"id": value})[0] == 404


def test_a_user_has_so_many_documents_and_bytes() -> None:
    """Refused ones do not count; a removed one makes room."""
    uploads = Uploads(most_documents=2, most_user_bytes=12)
    first = uploads.upload("a.txt", b"hello")

    status, body = uploads.ask("b.txt", 8)
    assert (status, body["error"]["code"]) == (409, "too_many_documents")
    uploads.upload("c.txt", b"a\0b")
    assert uploads.ask("d.txt", 1)[0] == 409
    uploads.arrived()
    assert uploads.ask("d.txt", 1)[0] == 201
    uploads.send("DELETE /documents/{id}", path={"id": first})
    assert uploads.ask("e.txt", 5)[0] == 201
    assert uploads.ask("x.txt", 5, user="eve")[0] == 201


def test_who_is_in_no_group_that_may_is_refused() -> None:
    """All routes are for the groups that may."""
    uploads = Uploads(allowed_groups=("editors",))

    assert uploads.ask("a.txt", 5)[0] == 403
    assert uploads.send("GET /documents", groups=["readers"])[0] == 403
    assert uploads.ask("a.txt", 5, groups=["editors"])[0] == 201


def test_the_log_holds_no_name_of_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    """A name can say as much as a document."""
    uploads = Uploads()
    uploads.upload("dismissal-of-ada.txt", b"hello")
    uploads.arrived()

    logged = capsys.readouterr().out
    assert "dismissal" not in logged
    assert '"DocumentsAccepted":1' in logged


def test_what_never_came_and_what_was_refused_is_forgotten_in_time() -> None:
    """An accepted document is known as long as it is there."""
    uploads = Uploads(refused_days=30)
    awaited, accepted = uploads.ask("a.txt", 5)[1]["id"], uploads.upload("b.txt", b"hello")
    refused = uploads.upload("c.txt", b"a\0b")
    uploads.arrived()
    there = lambda: {one["id"] for one in uploads.send("GET /documents")[1]["documents"]}  # noqa: E731

    assert there() == {awaited, accepted, refused}
    uploads.clock.forward(days=2)
    assert there() == {accepted, refused}
    uploads.clock.forward(days=400)
    assert there() == {accepted}


def test_a_table_keeps_it(store: Store) -> None:
    """The same in memory and in DynamoDB."""
    documents = Documents(store, refused_days=1, now=Clock())
    document = Document(
        id="0" * 32,
        partition="user#t#ada",
        tenant="t",
        name="a",
        kind="txt",
        size=1,
        progress=Progress.WAITING,
        at_ms=1,
    )
    documents.add(document)

    assert documents.find("user#t#ada", document.id) == document
    assert documents.move(document, Progress.SCANNING)
    assert documents.move(document, Progress.REFUSED, reason="macro", message="no")
    assert not documents.move(document, Progress.ACCEPTED)
    assert [(one.reason, one.message) for one in documents.all("user#t#ada")] == [("macro", "no")]
    assert (documents.remove(document), documents.remove(document)) == (True, False)


def test_missing_settings_are_named() -> None:
    """All at once."""
    with pytest.raises(MissingSettingError, match=r"TABLE_NAME.*QUARANTINE_BUCKET.*MOST_BYTES"):
        read(Environment({}))
