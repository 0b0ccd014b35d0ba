"""The page comes from a private bucket, binds the browser, and shares its origin with the API."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk.aws_logs import RetentionDays

from genai_layers import testing
from genai_layers.application import Api, UserDirectory, WebPage, WebPageError
from genai_layers.cost import idle_floor
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, PythonFunction
from genai_layers.foundation.nag import attach_checks
from genai_layers.testing import Template, resources
from genai_layers.web import API_PATHS

pytestmark = pytest.mark.synth

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"  # gitleaks:allow
REASON = "a try-out that nobody but its maker opens, for a week"


def add_page(stack: Stack, **changes: Any) -> WebPage:
    """Define a page and what it stands on."""
    key = EncryptionKey(stack, "Key", description="logs", uses=[KeyUse.LOGS, KeyUse.LAMBDA])
    directory = UserDirectory(stack, "Directory")
    named = {
        "domain_name": "chat.example.com",
        "certificate": acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
    }
    api = Api(stack, "Api", directory=directory, log_key=key.key)
    answering = PythonFunction(
        stack,
        "Answering",
        handler_folder="chat",
        description="answers",
        key=key.key,
        log_retention=RetentionDays.ONE_YEAR,
    )
    api.add_route("GET /v1/models", answering.function)
    return WebPage(
        stack,
        "Page",
        directory=directory,
        api=api,
        access_logs=AccessLogBucket(stack, "AccessLogs").bucket,
        log_key=key.key,
        **{**named, **changes},
    )


@pytest.fixture(scope="module")
def template() -> Template:
    """A page under a name of its own."""
    stack = testing.stack()
    add_page(stack)
    return testing.template(stack)


def only(template: Template, type: str) -> dict[str, Any]:
    """The one resource of *type*."""
    (found,) = resources(template, type).values()
    return found["Properties"]


@pytest.mark.parametrize("how", ["named", "unnamed", "thrown away"])
def test_a_page_is_clean_under_every_pack(how: str) -> None:
    """Every cdk-nag pack, our own rules and the CloudFormation validator have nothing to say."""
    app = testing.app()
    attach_checks(app, packs=("AwsSolutions", "NIST80053R5", "HIPAA", "PCI"))
    stack = testing.stack(app)
    changes: dict[str, Any] = {
        "named": {},
        "unnamed": {"domain_name": None, "certificate": None, "default_certificate_reason": REASON},
        "thrown away": {"removal_policy": RemovalPolicy.DESTROY},
    }[how]
    add_page(stack, **changes)

    testing.template(stack)


def test_only_this_distribution_reads_the_bucket(template: Template) -> None:
    """The bucket is closed to the public; its policy lets CloudFront read on behalf of one distribution."""
    statements = [
        statement
        for policy in resources(template, "AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    ]

    (read,) = statements
    assert read["Action"] == "s3:GetObject"
    assert "distribution/" in json.dumps(read["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert only(template, "AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]["SigningBehavior"] == (
        "always"
    )
    for bucket in resources(template, "AWS::S3::Bucket").values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}


def test_the_browser_may_run_what_is_here_and_talk_to_cognito_alone(template: Template) -> None:
    """No inline script or style, no HTML from text, no frame, no other host."""
    headers = only(template, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    text = (
        policy if isinstance(policy, str) else "".join(p if isinstance(p, str) else "*" for p in policy["Fn::Join"][1])
    )

    directives = dict(part.split(" ", 1) for part in text.split("; "))
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["connect-src"].startswith("'self' https://cognito-idp.")
    assert directives["connect-src"].count("https://") == 1
    assert "unsafe" not in text
    assert directives["require-trusted-types-for"] == "'script'"
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 31_536_000


def test_page_and_api_share_one_origin(template: Template) -> None:
    """Paths of the API go there, unkept and over TLS 1.2, and the API itself allows no other origin."""
    configuration = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    behaviors = {behavior["PathPattern"]: behavior for behavior in configuration["CacheBehaviors"]}
    (api,) = [origin for origin in configuration["Origins"] if "CustomOriginConfig" in origin]

    assert set(behaviors) == set(API_PATHS)
    assert {behavior["TargetOriginId"] for behavior in behaviors.values()} == {api["Id"]}
    assert {behavior["ViewerProtocolPolicy"] for behavior in behaviors.values()} == {"https-only"}
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert api["OriginPath"] == "/api"
    assert "OPTIONS" not in {
        one["Properties"]["HttpMethod"] for one in resources(template, "AWS::ApiGateway::Method").values()
    }


def test_viewers_need_tls_1_2_and_are_logged(template: Template) -> None:
    """Under a certificate of its own the page takes nothing older, and every request is written down."""
    configuration = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]

    assert configuration["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert configuration["Aliases"] == ["chat.example.com"]
    assert configuration["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert configuration["Logging"]["IncludeCookies"] is False


def test_the_page_is_told_its_pool_and_client_and_no_more(template: Template) -> None:
    """What is filled in at deploy is the pool, the client and Cognito's address; none of it is a secret."""
    (copied,) = resources(template, "Custom::CDKBucketDeployment").values()
    told = json.dumps([marker for source in copied["Properties"]["SourceMarkers"] for marker in source.values()])

    (pool,) = resources(template, "AWS::Cognito::UserPool")
    (client,) = resources(template, "AWS::Cognito::UserPoolClient")
    refs = set(re.findall(r'"Ref": "([^"]+)"', told))
    assert refs == {pool, client, "AWS::Region", "AWS::URLSuffix"}


def test_a_page_costs_nothing_while_nobody_opens_it(template: Template) -> None:
    """Distribution and bucket are paid for by use; the one fixed price of the stack is the key of its logs."""
    found = idle_floor({"Stack": template}, "us-east-1")

    assert {line.type for line in found.lines} <= {"AWS::KMS::Key"}
    assert not found.unpriced
    assert "AWS::CloudFront::Distribution" in {usage.type for usage in found.usage}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"certificate": None}, "certificate is not"),
        ({"domain_name": None}, "domain_name is not"),
        ({"domain_name": None, "certificate": None}, "neither certificate nor default_certificate_reason"),
        ({"default_certificate_reason": REASON}, "beside a certificate"),
        ({"domain_name": "Chat.example.com"}, "lower case"),
        (
            {"domain_name": None, "certificate": None, "default_certificate_reason": "short"},
            "5 characters, at least 20",
        ),
    ],
)
def test_a_name_and_a_certificate_go_together_or_a_reason_stands(changes: dict[str, Any], words: str) -> None:
    """Each fault says what to change."""
    with pytest.raises(WebPageError, match=words):
        add_page(testing.stack(), **changes)


def test_the_origin_is_the_name_of_the_page() -> None:
    """What a passkey or a link is made for."""
    assert add_page(testing.stack()).origin == "https://chat.example.com"
