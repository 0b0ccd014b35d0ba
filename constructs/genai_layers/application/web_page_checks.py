"""What a page cannot be, said before it is deployed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from genai_layers.application.errors import WebPageError
from genai_layers.foundation.nag import MINIMUM_REASON, says_why

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+")


def check(
    domain_name: str | None, *, has_certificate: bool, reason: str | None, callback_urls: Sequence[str] | None = None
) -> None:
    """
    Refuse what a page cannot be.

    Args:
        domain_name: Name of the page.
        has_certificate: Whether there is a certificate for it.
        reason: Why it may stand under CloudFront's own name.
        callback_urls: Where people of other directories are sent back to; None where there are none.

    Raises:
        WebPageError: Names every fault.
    """
    faults = []
    if (domain_name is not None) != has_certificate:
        given, missing = ("domain_name", "certificate") if domain_name is not None else ("certificate", "domain_name")
        faults.append(f"{given} is given but {missing} is not: a name needs its certificate, give both")
    if domain_name is not None and not _NAME.fullmatch(domain_name):
        faults.append(f"domain_name is {domain_name!r}: give a name in lower case, as in 'chat.example.com'")
    if callback_urls is not None and domain_name is None:
        faults.append("federation is given but domain_name is not: people are sent back to a name, give one")
    elif callback_urls is not None and f"https://{domain_name}/" not in callback_urls:
        faults.append(f"federation does not send people back to 'https://{domain_name}/': add it to its callback_urls")
    is_named = domain_name is not None or has_certificate
    if is_named and reason is not None:
        faults.append("default_certificate_reason is given beside a certificate: drop one of them")
    if not is_named and reason is None:
        faults.append(
            "neither certificate nor default_certificate_reason is given: name the page and give its certificate, or "
            "say why CloudFront's own name and its older TLS versions are enough"
        )
    if reason is not None and not says_why(reason):
        faults.append(
            f"default_certificate_reason {reason!r} has {len(reason.strip())} characters, "
            f"at least {MINIMUM_REASON} are needed: say why"
        )
    if faults:
        raise WebPageError(faults)
