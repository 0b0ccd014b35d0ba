"""Acknowledgements that wait for the end of the synth, when ids across stacks are known."""

from collections.abc import Iterator, Sequence

import aws_cdk as cdk
from constructs import IConstruct

from genai_layers.compliance.ledger import Acknowledgement
from genai_layers.foundation.nag.errors import ChecksError
from genai_layers.foundation.nag.tokens import flatten

_METADATA = "genai-layers:deferred-acknowledgement"


def defer(construct: IConstruct, ids: Sequence[str], reason: str) -> None:
    """Note *ids*, which hold tokens, on the root of the app; `settle` acknowledges them."""
    construct.node.root.node.add_metadata(_METADATA, {"where": construct.node.path, "ids": list(ids), "reason": reason})


def settle(root: IConstruct) -> Iterator[Acknowledgement]:
    """Acknowledge what was deferred, now that references across stacks are resolved, and yield it."""
    for entry in root.node.metadata:
        if entry.type == _METADATA:
            construct = _find(root, entry.data["where"])
            for text in entry.data["ids"]:
                id = flatten(construct, text)  # noqa: A001
                cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=id, reason=entry.data["reason"]))
                yield Acknowledgement(where=entry.data["where"], id=id, reason=entry.data["reason"])


def _find(root: IConstruct, path: str) -> IConstruct:
    construct: IConstruct | None = root
    for name in path.split("/"):
        construct = construct.node.try_find_child(name) if construct else None
    if construct is None:
        raise ChecksError(f"{path!r} was acknowledged and is no longer in the app")
    return construct
