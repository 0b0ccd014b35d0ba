"""Names of endpoints, which their log groups, alarms and roles know before they stand."""

from constructs import Construct

from genai_layers.foundation import born_name as foundation_names

MAX_CHARACTERS = foundation_names.MAX_CHARACTERS


def born_name(scope: Construct, *, max_length: int = MAX_CHARACTERS) -> str:
    """
    Return a name that stays the same as long as the stack lives, in small letters.

    SageMaker writes names in small letters into ARNs, and IAM compares ARNs letter by letter: a grant on an ARN with
    a capital would match nothing (philschmid/cdk-samples issue 2).

    Args:
        scope: The construct that is named.
        max_length: Longest name that the service takes.
    """
    return foundation_names.born_name(scope, max_length=max_length, in_small_letters=True)
