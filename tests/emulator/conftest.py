"""One local cloud for the whole session; a stack of its own for each test."""

from __future__ import annotations

import io
import itertools
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.local_cloud import Layout, LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.stack import HandmadeStack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuning_cloud import TuningCloud

PACKAGE = Path(__file__).resolve().parents[2] / "constructs" / "genai_layers"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A running local cloud, its record apart from the developer's own."""
    checkout = Layout.of_checkout()
    layout = Layout(root=checkout.root, home=tmp_path_factory.mktemp("cloud") / "home")
    with LocalCloud(layout) as running:
        yield running


@pytest.fixture(scope="session")
def clients(cloud: LocalCloud) -> Iterator[Clients]:
    """boto3 clients of the running cloud."""
    made = Clients(cloud)
    yield made
    made.close()


@pytest.fixture(scope="module")
def guarded_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A local cloud of its own that checks every request against IAM policies."""
    layout = Layout(root=Layout.of_checkout().root, home=tmp_path_factory.mktemp("guarded") / "home")
    with LocalCloud(layout, enforce_iam=True) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(guarded_cloud: LocalCloud) -> Iterator[Clients]:
    """Clients of that cloud with the account's own keys."""
    made = Clients(guarded_cloud)
    yield made
    made.close()


@pytest.fixture(scope="module")
def tuning(guarded_cloud: LocalCloud, guarded: Clients) -> TuningCloud:
    """A deployed fine-tuning, with the base model of the example."""
    from tuning_cloud import TuningCloud
    from tuning_stack import EXAMPLE

    made = TuningCloud(guarded_cloud, guarded)
    model = (EXAMPLE / "base_model" / "model.json").read_bytes()
    guarded("s3").put_object(Bucket=made.outputs["Weights"], Key="word-counts/model.json", Body=model)
    return made


@pytest.fixture
def stack(clients: Clients) -> Iterator[HandmadeStack]:
    """A stack that is deleted after the test, whatever became of it."""
    made = HandmadeStack(clients, f"rows-{next(_numbers)}")
    yield made
    made.delete()


@pytest.fixture
def code(clients: Clients) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that puts the code of our functions where a template says it is."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for source in sorted((PACKAGE / "runtime").rglob("*.py")):
            file.write(source, source.relative_to(PACKAGE))
    bucket = f"live-code-{time.time_ns()}"
    clients("s3").create_bucket(Bucket=bucket)

    def put(resources: dict[str, Any]) -> dict[str, Any]:
        for resource in resources.values():
            if resource["Type"] == "AWS::Lambda::Function":
                key = resource["Properties"]["Code"]["S3Key"]
                clients("s3").put_object(Bucket=bucket, Key=key, Body=archive.getvalue())
                resource["Properties"]["Code"] = {"S3Bucket": bucket, "S3Key": key}
        return resources

    return put
