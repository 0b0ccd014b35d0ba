"""One local cloud for the whole session; a stack of its own for each test."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tools.local_cloud import Layout, LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.stack import HandmadeStack

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def stack(clients: Clients) -> Iterator[HandmadeStack]:
    """A stack that is deleted after the test, whatever became of it."""
    made = HandmadeStack(clients, f"rows-{next(_numbers)}")
    yield made
    made.delete()
