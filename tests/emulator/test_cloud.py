"""The cloud itself: it starts once, stops wholly, and hands out an environment that reaches nothing else."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tools.local_cloud import CloudAlreadyRunningError, Layout, LocalCloud, SetupError
from tools.local_cloud.clients import Clients
from tools.local_cloud.inventory import everything
from tools.local_cloud.ports import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator


def layout(home: Path) -> Layout:
    """A layout with a home of its own."""
    return Layout(root=Layout.of_checkout().root, home=home / "home")


def test_a_stopped_cloud_leaves_no_process(tmp_path: Path) -> None:
    """Stopping ends every process of every group, whoever stops it, and takes the record along."""
    place = layout(tmp_path)
    LocalCloud(place).start()
    found = LocalCloud.attach(place)
    assert found is not None
    servers = found.running_servers()

    found.stop()

    assert len(servers) == 3
    assert not any(server.group_has_members() for server in servers)
    assert LocalCloud.attach(place) is None


def test_a_cloud_is_not_started_twice_in_one_folder(cloud: LocalCloud) -> None:
    """The second start is refused with the way to stop the first, and its clean-up leaves the first alone."""
    second = LocalCloud(cloud.layout)

    with pytest.raises(CloudAlreadyRunningError, match="stop"):
        second.start()
    second.stop()

    assert len(cloud.running_servers()) == 3


def test_what_is_not_installed_is_named(tmp_path: Path) -> None:
    """All missing parts come in one message, with the command that installs them."""
    with pytest.raises(SetupError, match="make setup-local"):
        LocalCloud(Layout(root=tmp_path, home=tmp_path / "home")).start()


def test_clients_see_nothing_of_the_caller(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile or a key of the surrounding shell must never reach a real account."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")

    environment = cloud.environment()

    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & environment.keys()
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["AWS_ENDPOINT_URL"] == cloud.endpoint


class OtherModel(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that always says the same."""

    def do_POST(self) -> None:
        """Answer any chat."""
        self.rfile.read(int(self.headers["Content-Length"]))
        said = {"role": "assistant", "content": "from another model"}
        body = json.dumps({"choices": [{"message": said}], "usage": {"prompt_tokens": 3, "completion_tokens": 4}})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("ending", ["", "/v1"])
def test_a_model_of_the_users_own_writes_the_answers(tmp_path: Path, ending: str) -> None:
    """With an address of an OpenAI-compatible server, as its makers write it, no stand-in is started."""
    with ThreadingHTTPServer((LOOPBACK, 0), OtherModel) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://{LOOPBACK}:{server.server_address[1]}{ending}"
        with LocalCloud(layout(tmp_path), model_url=address) as cloud:
            clients = Clients(cloud)
            answer = clients("bedrock-runtime").converse(
                modelId="amazon.nova-lite-v1:0", messages=[{"role": "user", "content": [{"text": "who are you?"}]}]
            )
            names = [running.name for running in cloud.running_servers()]
            clients.close()
        server.shutdown()

    assert answer["output"]["message"]["content"] == [{"text": "from another model"}]
    assert answer["usage"]["outputTokens"] == 4
    assert names == ["moto", "ministack"]


def bucket(**properties: Any) -> dict[str, Any]:
    """A template with one bucket."""
    return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}


def test_a_type_that_neither_emulator_has_fails_the_stack(stack: HandmadeStack) -> None:
    """Green means that something was made."""
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        stack.deploy({"Thing": {"Type": "AWS::Bedrock::NoSuchThing", "Properties": {}}})


def test_a_failed_create_leaves_nothing(stack: HandmadeStack, clients: Clients) -> None:
    """What was made before the failure is taken back, in both emulators."""
    before = everything(clients)
    resources = {
        **bucket(),
        "Vectors": {"Type": "AWS::S3Vectors::VectorBucket", "Properties": {}},
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "DependsOn": ["Bucket", "Vectors"],
            "Properties": {"S3BucketName": "no-such-bucket-here", "IsLogging": True, "Colour": "red"},
        },
    }

    with pytest.raises(RuntimeError, match="Colour"):
        stack.deploy(resources)
    stack.delete()

    assert everything(clients) == before


def test_a_failed_update_goes_back_to_what_was(stack: HandmadeStack, clients: Clients) -> None:
    """An update that fails half-way leaves the bucket with its old rule and no new resource."""
    rule = {"Id": "old", "Status": "Enabled", "ExpirationInDays": 30}
    guardrails = clients("bedrock").list_guardrails()["guardrails"]
    name = stack.deploy(bucket(LifecycleConfiguration={"Rules": [rule]}), {"Name": {"Ref": "Bucket"}})["Name"]
    changed = {
        **bucket(LifecycleConfiguration={"Rules": [{**rule, "ExpirationInDays": 7}]}),
        "Guardrail": {
            "Type": "AWS::Bedrock::Guardrail",
            "DependsOn": "Bucket",
            "Properties": {"Name": "half-way", "BlockedInputMessaging": "no"},
        },
    }

    with pytest.raises(RuntimeError, match="UPDATE_ROLLBACK_COMPLETE"):
        stack.deploy(changed)

    kept = clients("s3").get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert [r["Expiration"]["Days"] for r in kept] == [30]
    assert clients("bedrock").list_guardrails()["guardrails"] == guardrails


def test_an_inventory_sees_what_cloudformation_does_not(clients: Clients) -> None:
    """Something made by hand is found by looking, not by asking CloudFormation."""
    before = everything(clients)
    clients("s3").create_bucket(Bucket="made-by-hand")

    found = everything(clients) - before

    clients("s3").delete_bucket(Bucket="made-by-hand")
    assert {(thing.kind, thing.id) for thing in found} == {("bucket", "made-by-hand")}
    with pytest.raises(ClientError):
        clients("s3").head_bucket(Bucket="made-by-hand")
