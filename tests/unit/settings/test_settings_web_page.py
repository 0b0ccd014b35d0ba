"""An environment asks for a page, and says by which name, or why by none."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from genai_layers.settings.application import ApplicationSettings
from genai_layers.settings.web_page import WebPageSettings

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
REASON = "a try-out that nobody but its maker opens"


def test_no_page_unless_one_is_asked_for() -> None:
    """A public address is a decision."""
    assert not ApplicationSettings().web_page.enabled


@pytest.mark.parametrize(
    "asked",
    [
        {"domain_name": "chat.example.com", "certificate_arn": CERTIFICATE},
        {"default_certificate_reason": REASON},
    ],
)
def test_a_page_has_a_name_or_a_reason(asked: dict[str, str]) -> None:
    """Either is enough."""
    assert WebPageSettings(enabled=True, **asked).enabled  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "needs certificate_arn, or default_certificate_reason"),
        ({"certificate_arn": CERTIFICATE}, "go together"),
        ({"domain_name": "chat.example.com", "default_certificate_reason": REASON}, "go together"),
        ({"certificate_arn": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "certificate_arn"),
    ],
)
def test_a_half_named_page_is_refused(asked: dict[str, str], words: str) -> None:
    """CloudFront reads certificates in us-east-1 alone, and a name needs one."""
    with pytest.raises(ValidationError, match=words):
        WebPageSettings(enabled=True, **asked)  # type: ignore[arg-type]
