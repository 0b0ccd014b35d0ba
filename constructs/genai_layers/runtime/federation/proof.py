"""Whether what a provider says of a sign-in proves a second factor."""

from __future__ import annotations

import json
from collections.abc import Iterable


def values_of(claim: object) -> frozenset[str]:
    """
    Return the values of a claim, in whichever way it was told.

    An ID token has a list; Cognito may hand lists on as text, in the way of JSON or as `[a, b]`.

    Args:
        claim: The claim; None where there is none.

    Example:
        >>> sorted(values_of('["pwd", "mfa"]'))
        ['mfa', 'pwd']
        >>> sorted(values_of("[pwd, mfa]"))
        ['mfa', 'pwd']
        >>> values_of(None)
        frozenset()
    """
    if isinstance(claim, str):
        try:
            told = json.loads(claim)
        except ValueError:
            told = None
        if isinstance(told, list):
            return values_of(told)
        bare = claim.strip().removeprefix("[").removesuffix("]").strip()
        # One value may have spaces in it, or be a list of words.
        parts = bare.split(",") if "," in bare else [bare, *bare.split()]
        return frozenset(part.strip() for part in parts if part.strip())
    if isinstance(claim, list):
        return frozenset(each for each in claim if isinstance(each, str))
    return frozenset()


def is_proved(claim: object, proofs: Iterable[str]) -> bool:
    """
    Return whether *claim* has all values of one of *proofs*.

    Args:
        claim: What the provider says of the sign-in; None where it says nothing, which proves nothing.
        proofs: Each is one value or several with spaces between, all of which have to be there.

    Example:
        >>> is_proved(["pwd", "otp"], ["mfa", "pwd otp"])
        True
        >>> is_proved(["otp"], ["mfa", "pwd otp"])
        False
    """
    told = values_of(claim)
    return any(wanted and told.issuperset(wanted) for wanted in (proof.split() for proof in proofs))
