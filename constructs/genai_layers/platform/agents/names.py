"""Names that the service demands, in the two alphabets that it takes."""

import re

from aws_cdk import Aws, Fn, Names
from constructs import Construct

from genai_layers.platform.fingerprint import fingerprint

MAX_NAME_CHARACTERS = 48
_DIGEST_CHARACTERS = 8

NAME = re.compile(r"([0-9a-zA-Z][_-]?){1,100}")
"""Tools, action groups, collaborators and aliases of Bedrock agents; resource schemas, read 2026-11-25."""


def underscored_name(scope: Construct, immutable: object = None) -> str:
    """
    Return a name of letters, digits and underscores that begins with a letter.

    Args:
        scope: The construct that is named; its path gives the name.
        immutable: Create-only properties, as plain data; the name moves with them, since a replacement is made
            before the old resource goes. Default: the resource has none besides its name.
    """
    return _name(scope, "_", immutable, MAX_NAME_CHARACTERS)


def kept_name(scope: Construct, immutable: object) -> str:
    """
    Return a name, as `underscored_name` does, for what outlives its stack.

    It also holds a part of the stack's own id: a stack that is made anew is not in the way of what the old one kept.

    Args:
        scope: The construct that is named; its path gives the readable part.
        immutable: Create-only properties, as plain data.
    """
    birth = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
    return f"{_name(scope, '_', immutable, MAX_NAME_CHARACTERS - _DIGEST_CHARACTERS - 1)}_{birth}"


def dashed_name(scope: Construct, *, max_length: int = MAX_NAME_CHARACTERS) -> str:
    """
    Return a name of letters, digits and dashes.

    Args:
        scope: The construct that is named; its path gives the name.
        max_length: Longest name that the service takes.
    """
    return _name(scope, "-", None, max_length)


def _name(scope: Construct, separator: str, immutable: object, max_length: int) -> str:
    digest = "" if immutable is None else f"{separator}{fingerprint(scope, immutable)}"
    readable = Names.unique_resource_name(
        scope, max_length=max_length - (_DIGEST_CHARACTERS + 1 if digest else 0), separator=separator
    )
    return f"{readable}{digest}"
