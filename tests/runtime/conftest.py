"""Clients and adapters that the tests of the runtime share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from genai_layers.runtime.chat.aws import Bedrock
from genai_layers.runtime.chat.dynamodb import DynamoDbStore
from genai_layers.runtime.chat.store import Store
from tests.runtime.bedrock_clients import Stubs, made
from tests.runtime.fakes import SETTINGS
from tests.runtime.memory_store import MemoryStore
from tests.runtime.routed import FakeGuardrail, certificates_in
from tests.runtime.tables import client


@pytest.fixture(scope="session")
def clients() -> tuple[Any, Any]:
    """Real clients, made once: their request validation is what is tested."""
    return made("bedrock-runtime"), made("bedrock-agent-runtime")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of our own and a server that it vouches for."""
    return certificates_in(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def guardrail(clients: tuple[Any, Any]) -> FakeGuardrail:
    """A guardrail that lets all pass and remembers it."""
    return FakeGuardrail(clients[0])


@pytest.fixture
def stubs(clients: tuple[Any, Any]) -> Iterator[Stubs]:
    """The adapter with both clients stubbed; every expected call must come."""
    runtime, agent_runtime = clients
    with Stubber(runtime) as converse, Stubber(agent_runtime) as retrieve:
        adapter = Bedrock(SETTINGS, runtime=runtime, agent_runtime=agent_runtime, sleep=lambda _: None)
        yield adapter, converse, retrieve
        converse.assert_no_pending_responses()
        retrieve.assert_no_pending_responses()


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A table without items."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with mock_aws():
        made = client()
        made.create_table(
            TableName="conversations",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoDbStore("conversations", client=made, sleep=lambda _: None)
