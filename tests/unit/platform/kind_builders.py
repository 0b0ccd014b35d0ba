"""Knowledge bases of the other kinds in a stack."""

from __future__ import annotations

from genai_layers.foundation import EncryptionKey
from genai_layers.platform import (
    KendraKnowledgeBase,
    ManagedKnowledgeBase,
    RedshiftServerless,
    RedshiftTables,
    StructuredKnowledgeBase,
)

WORKGROUP = "arn:aws:redshift-serverless:us-east-1:111122223333:workgroup/01234567-89ab-cdef-0123-456789abcdef"
INDEX_ID = "01234567-89ab-cdef-0123-456789abcdef"


def workgroup(stack, **props) -> RedshiftServerless:
    """Return a workgroup in the region of a stack."""
    partition = "aws-us-gov" if "gov" in stack.region else "aws"
    return RedshiftServerless(
        workgroup_arn=WORKGROUP.replace("arn:aws:", f"arn:{partition}:").replace("us-east-1", stack.region), **props
    )


def structured(stack, **props) -> StructuredKnowledgeBase:
    """Return a knowledge base over a table of Redshift Serverless."""
    key = EncryptionKey(stack, "Key", description="tables", uses=StructuredKnowledgeBase.REQUIRED_KEY_USES)
    given = {"engine": workgroup(stack), "data": RedshiftTables(database="sales")}
    return StructuredKnowledgeBase(stack, "Sales", key=key.key, **{**given, **props})


def managed(stack, **props) -> ManagedKnowledgeBase:
    """Return a managed knowledge base."""
    key = EncryptionKey(stack, "Key", description="managed", uses=ManagedKnowledgeBase.REQUIRED_KEY_USES)
    return ManagedKnowledgeBase(stack, "Managed", key=key.key, **props)


def kendra(stack) -> KendraKnowledgeBase:
    """Return a knowledge base over a Kendra index."""
    return KendraKnowledgeBase(stack, "Kendra", index_id=INDEX_ID)


KINDS = {"structured": structured, "managed": managed, "kendra": kendra}
"""Every other kind, made in a stack."""
