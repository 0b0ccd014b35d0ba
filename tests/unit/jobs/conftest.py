"""What the tests of jobs share: a knowledge base to work on, and definitions with their references filled in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from genai_layers.foundation import EncryptionKey
from genai_layers.jobs import IngestionJob
from genai_layers.platform import KnowledgeBase

ACCOUNT = "111122223333"


@pytest.fixture(scope="session")
def knowledge() -> Callable[..., tuple[KnowledgeBase, EncryptionKey]]:
    """Return a function that puts a knowledge base and a key for everything into a stack."""

    def made(stack: cdk.Stack, access_logs: s3.IBucket | None = None) -> tuple[KnowledgeBase, EncryptionKey]:
        uses = (*KnowledgeBase.REQUIRED_KEY_USES, *IngestionJob.REQUIRED_KEY_USES)
        key = EncryptionKey(stack, "Key", description="knowledge", uses=uses)
        return KnowledgeBase(stack, "Knowledge", key=key.key, access_logs=access_logs), key

    return made


@pytest.fixture(scope="session")
def filled() -> Callable[..., Any]:
    """Return a function that fills references with values as after a deploy, by logical id."""
    return _filled


def _filled(value: Any, known: Mapping[str, str] | None = None, partition: str = "aws") -> Any:
    pseudo = {"AWS::Partition": partition, "AWS::AccountId": ACCOUNT, "AWS::Region": "us-east-1"}
    known = known or {}
    if isinstance(value, list):
        return [_filled(item, known, partition) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return pseudo.get(value["Ref"]) or known.get(value["Ref"], f"arn:{partition}:made:::{value['Ref']}")
    if set(value) == {"Fn::GetAtt"}:
        name = ".".join(value["Fn::GetAtt"])
        return known.get(name, name.rsplit(".", 1)[1].upper()[:10])
    if set(value) == {"Fn::Join"}:
        return value["Fn::Join"][0].join(str(_filled(part, known, partition)) for part in value["Fn::Join"][1])
    return {key: _filled(item, known, partition) for key, item in value.items()}


@pytest.fixture(scope="session")
def definition() -> Callable[[Mapping[str, Any], str], dict[str, Any]]:
    """Return a function that finds the definition of the state machine whose logical id starts as given."""

    def found(template: Mapping[str, Any], start: str) -> dict[str, Any]:
        (machine,) = [
            resource
            for logical_id, resource in template["Resources"].items()
            if resource["Type"] == "AWS::StepFunctions::StateMachine" and logical_id.startswith(start)
        ]
        parsed: dict[str, Any] = json.loads(_filled(machine["Properties"]["DefinitionString"]))
        return parsed

    return found
