"""The names that services accept, matched whole: their schemas search, and let bad names through."""

import re

from genai_layers.compliance.rule import Answer


def named(value: object, pattern: str) -> Answer:
    """
    Return whether the whole of *value* matches *pattern*; not applicable when it is known only at deploy time.

    Args:
        value: A name as written in a template.
        pattern: Regular expression for all of it.
    """
    if not isinstance(value, str):
        return Answer.NOT_APPLICABLE
    return Answer.of(re.fullmatch(pattern, value) is not None)
