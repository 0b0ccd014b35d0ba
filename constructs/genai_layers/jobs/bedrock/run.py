"""
Names that are the same for every try of an execution, and differ between executions.

Bedrock wants a name for each job and a token that makes a repeated request the same request. Both are digests of the
execution, so an answer that got lost, or a redrive, leads to the job that is there and never to a second one.
"""

import re

from aws_cdk import Names
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

# Names of jobs hold 63 characters, and the strictest of them (evaluation) small letters, digits and single dashes.
_PREFIX_CHARACTERS = 22
_PREFIX = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

EXECUTION = "$$.Execution.Id"


def digest(text: str) -> str:
    """
    Return the digest of a text that only the execution knows, 40 characters: it names, it does not protect.

    Args:
        text: Expression or path of it.
    """
    return sfn.JsonPath.hash(text, "SHA-1")


def token() -> str:
    """Return what makes a repeated request of an execution the same request."""
    return sfn.JsonPath.hash(sfn.JsonPath.string_at(EXECUTION), "SHA-256")


def run_id() -> str:
    """Return what tells an execution from every other."""
    return digest(sfn.JsonPath.string_at(EXECUTION))


def named(prefix: str, what: str | None = None) -> str:
    """
    Return a name for what an execution makes.

    Args:
        prefix: Beginning of it, for people.
        what: Expression for the rest. Default: what tells the execution from every other.
    """
    return sfn.JsonPath.format(f"{prefix}-{{}}", what or run_id())


def prefix_of(scope: Construct, given: str | None) -> str:
    """
    Return the beginning of the names of a job.

    Args:
        scope: The job.
        given: What the user wants. Default: taken from the path of the job.
    """
    if given is not None:
        return given
    made = Names.unique_resource_name(scope, max_length=_PREFIX_CHARACTERS, separator="-").lower()
    return re.sub(r"[^a-z0-9]+", "-", made).strip("-")


def prefix_faults(given: str | None) -> list[str]:
    """
    Return what is wrong with a beginning that the user gave.

    Args:
        given: The beginning.
    """
    if given is None or (_PREFIX.fullmatch(given) and len(given) <= _PREFIX_CHARACTERS):
        return []
    return [
        f"name is {given!r}: use small letters and digits in words joined by single dashes, "
        f"{_PREFIX_CHARACTERS} characters at most; a digest of the execution follows it"
    ]
