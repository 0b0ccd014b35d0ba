"""A short digest of what cannot be changed in place, for names that must move when it does."""

import hashlib
import json

from aws_cdk import Names, Stack
from constructs import Construct

_DIGEST_CHARACTERS = 8


def fingerprint(scope: Construct, immutable: object) -> str:
    """
    Return a digest of *immutable*, the same on every machine.

    References to other resources count by their logical ids; a resource that can itself be replaced must
    put its own fingerprint into *immutable*.

    Args:
        scope: Any construct of the stack, to resolve references with.
        immutable: What a replacement follows from: create-only properties, as plain data.
    """
    text = json.dumps(Stack.of(scope).resolve(immutable), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARACTERS]


def replaceable_name(scope: Construct, immutable: object, *, max_length: int) -> str:
    """
    Return a name for a resource that must be named and can be replaced.

    CloudFormation makes the new resource before it deletes the old one, and both live in one namespace; with a
    fixed name every replacement would fail. So the name ends with a digest of the create-only properties.

    Args:
        scope: The construct that is named; its path gives the readable part.
        immutable: Create-only properties, as plain data.
        max_length: Longest name that the service takes.
    """
    readable = Names.unique_resource_name(scope, max_length=max_length - _DIGEST_CHARACTERS - 1, separator="-")
    return f"{readable}-{fingerprint(scope, immutable)}"
