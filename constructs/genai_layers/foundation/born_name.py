"""Names that are known before the resource stands, and are never fixed."""

from aws_cdk import Aws, Fn, Names
from constructs import Construct

MAX_CHARACTERS = 63
_BIRTH_CHARACTERS = 8


def born_name(scope: Construct, *, max_length: int = MAX_CHARACTERS, in_small_letters: bool = False) -> str:
    """
    Return a name that stays the same as long as the stack lives, and differs in its next life.

    An endpoint's log group, the alarms that roll it back and the role that writes its logs all need its name, and
    the endpoint needs them: with a name that CloudFormation makes up, they would wait for each other. This one ends
    with a part of the stack's own id, so that a stack that is made anew is never in the way of what the old one
    left behind. Nothing of an endpoint but its name is create-only, so it is never replaced under this name.

    Args:
        scope: The construct that is named; its path gives the readable part.
        max_length: Longest name that the service takes.
        in_small_letters: For services that write names in small letters into ARNs. Default: as the path has them.
    """
    readable = Names.unique_resource_name(scope, max_length=max_length - _BIRTH_CHARACTERS - 1, separator="-")
    return f"{readable.lower() if in_small_letters else readable}-{birth()}"


def birth() -> str:
    """Return the part of a name that differs in the next life of the stack: eight characters of the stack's own id."""
    return Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
