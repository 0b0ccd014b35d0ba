"""A knowledge base in a stack, and how to find its parts in a template."""

from __future__ import annotations

from genai_layers import testing
from genai_layers.foundation import EncryptionKey
from genai_layers.platform import (
    KnowledgeBase,
)


def made(stack, **props) -> KnowledgeBase:
    """Return a knowledge base with a key of its own."""
    key = EncryptionKey(stack, "Key", description="knowledge", uses=KnowledgeBase.REQUIRED_KEY_USES)
    return KnowledgeBase(stack, "Knowledge", **{"key": key.key, "access_logs": None, **props})


def one(template, type):
    """Return logical id and resource of the only resource of a type."""
    ((logical_id, resource),) = testing.resources(template, type).items()
    return logical_id, resource


def names(**props) -> tuple[str, str]:
    """Return the names of knowledge base and data source in a fresh stack."""
    stack = testing.stack()
    made(stack, **props)
    template = testing.template(stack)
    return (
        one(template, "AWS::Bedrock::KnowledgeBase")[1]["Properties"]["Name"],
        one(template, "AWS::Bedrock::DataSource")[1]["Properties"]["Name"],
    )
