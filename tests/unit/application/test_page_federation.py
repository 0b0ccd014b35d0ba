"""The page knows where people of other directories sign in, and its policy lets it call there."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_certificatemanager as acm

from genai_layers import testing
from genai_layers.application import Api, FederatedSignIn, UserDirectory, WebPage, WebPageError
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse
from genai_layers.testing import Template, resources
from tests.unit.application.test_identity import PAGE, PARTNER
from tests.unit.application.test_web_page import CERTIFICATE, REASON

pytestmark = pytest.mark.synth


def page(callback_urls: tuple[str, ...] = (PAGE,), **changes: Any) -> Template:
    """Define a page that people of a partner come to."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="logs", uses=[KeyUse.LOGS, KeyUse.LAMBDA]).key
    directory = UserDirectory(stack, "Directory")
    federation = FederatedSignIn(
        stack, "Federation", directory=directory, providers=[PARTNER], callback_urls=callback_urls, log_key=key
    )
    api = Api(stack, "Api", directory=directory, log_key=key)
    api.add_route("GET /v1/models", federation.function)
    named = {
        "domain_name": "chat.example.com",
        "certificate": acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
    }
    WebPage(
        stack,
        "Page",
        directory=directory,
        api=api,
        federation=federation,
        access_logs=AccessLogBucket(stack, "AccessLogs").bucket,
        log_key=key,
        **{**named, **changes},
    )
    return testing.template(stack)


def test_the_policy_is_wider_by_that_one_host() -> None:
    """Its own origin, Cognito, and where people of the partner come from."""
    (headers,) = resources(page(), "AWS::CloudFront::ResponseHeadersPolicy").values()
    security = headers["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    parts = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Join"][1]
    policy = "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)
    (domain,) = resources(page(), "AWS::Cognito::UserPoolDomain")

    (connect,) = [one for one in policy.split("; ") if one.startswith("connect-src")]
    assert connect.split() == [
        "connect-src",
        "'self'",
        "https://cognito-idp.<AWS::Region>.<AWS::URLSuffix>",
        f"https://<{domain}>.auth.us-east-1.amazoncognito.com",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"callback_urls": ("https://other.example.com/",)}, "add it to its callback_urls"),
        (
            {"domain_name": None, "certificate": None, "default_certificate_reason": REASON},
            "people are sent back to a name, give one",
        ),
    ],
)
def test_refuses_a_page_that_nobody_would_come_back_to(changes: dict[str, Any], told: str) -> None:
    """Cognito sends people to addresses that it was told, letter by letter."""
    with pytest.raises(WebPageError, match=told):
        page(**changes)
