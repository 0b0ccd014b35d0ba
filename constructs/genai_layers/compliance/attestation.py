"""What a key policy says of attestation."""

from collections.abc import Iterator

from genai_layers.compliance.iam import Statement, allowed
from genai_layers.compliance.template import Resource, items, mapping

PREFIX = "kms:recipientattestation:"
"""How condition keys of attested requests begin, in lower case, as IAM compares them."""


def registers(statement: Statement) -> Iterator[tuple[str, object]]:
    """
    Yield the attested registers that a statement compares, by name in lower case, and each value.

    Args:
        statement: A statement of a key policy.
    """
    for operator, keys in mapping(statement.get("Condition")).items():
        if operator.lower().startswith("stringequals"):
            for key, values in mapping(keys).items():
                if key.lower().startswith(PREFIX):
                    yield from ((key.lower().removeprefix(PREFIX), value) for value in items(values) or (values,))


def is_attested(key: Resource) -> bool:
    """
    Return whether a key is meant to open to a measured boot or enclave.

    Args:
        key: A KMS key.
    """
    return any(True for statement in allowed(key.get("KeyPolicy")) for _ in registers(statement))
