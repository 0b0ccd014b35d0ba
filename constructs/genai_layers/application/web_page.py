"""The page that people use, from a private bucket, on one origin with the API."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.application.api import STAGE, Api
from genai_layers.application.chat_values import TokenBudget
from genai_layers.application.document_upload import DocumentUpload
from genai_layers.application.federated_sign_in import SCOPES, FederatedSignIn
from genai_layers.application.page_files import PageFiles
from genai_layers.application.page_storage import access_log_bucket, page_bucket
from genai_layers.application.user_directory import UserDirectory
from genai_layers.application.web_page_checks import check
from genai_layers.foundation.nag import acknowledge
from genai_layers.web import API_PATHS, PageConfig, PageFederation, content_security_policy, security_headers

_ONE_YEAR = Duration.days(365)


class WebPage(Construct):
    """
    A page to sign in and to ask on, from a private bucket behind Amazon CloudFront.

    Page and API share one origin: CloudFront sends the paths of the API there. So the browser asks nobody else's
    permission, the API needs no allowed origin, and the page's content security policy names Cognito alone. The
    page is files that a browser runs as they are; it holds no secret, and every answer needs a token.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it changes the address.
        directory: Where people sign in.
        api: Answers them.
        access_logs: Bucket for the access log of the page's bucket.
        log_key: Key for the log of the function that copies the files; it needs `KeyUse.LOGS`.
        federation: Other directories that people may come from, each with a button; the page's address is one of
            its callback_urls. Default: none.
        budget: What the chat grants a user, for the page to show. Default: the budget that a chat has by default.
        upload: Where people add documents of their own, which the page then shows. Default: nowhere.
        has_playground: Whether the page shows the playground, which the API must have. Default: no.
        name: What the page calls itself, also in authenticator apps. Default: `Chat over documents`.
        domain_name: Name of the page. Default: one of CloudFront's.
        certificate: Certificate for that name, in us-east-1, where CloudFront reads it.
        default_certificate_reason: Why the page may stand under CloudFront's own name, where CloudFront also takes
            TLS versions before 1.2; instead of a name and a certificate.
        web_acl_arn: AWS WAF web ACL of scope CLOUDFRONT. Default: none; the API limits requests by itself.
        log_retention: How long the log of the copying is kept. Default: one year.
        removal_policy: What happens to logs and files when the stack goes. Default: they are kept.

    Attributes:
        distribution: The distribution.
        bucket: Holds the files.

    Raises:
        WebPageError: Name and certificate do not go together, or nothing says why there is none.

    Example:
        page = WebPage(self, "Page", directory=directory, api=api, access_logs=logs.bucket, log_key=log_key.key,
                       domain_name="chat.example.com", certificate=certificate)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        directory: UserDirectory,
        api: Api,
        access_logs: s3.IBucket,
        log_key: kms.IKey,
        federation: FederatedSignIn | None = None,
        budget: TokenBudget | None = None,
        upload: DocumentUpload | None = None,
        has_playground: bool = False,
        name: str = "Chat over documents",
        domain_name: str | None = None,
        certificate: acm.ICertificate | None = None,
        default_certificate_reason: str | None = None,
        web_acl_arn: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        check(
            domain_name,
            has_certificate=certificate is not None,
            reason=default_certificate_reason,
            callback_urls=None if federation is None else federation.callback_urls,
        )
        self._domain_name = domain_name
        sign_in = f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}"
        self.bucket = page_bucket(self, "Bucket", access_logs=access_logs, removal_policy=removal_policy)
        log_bucket = access_log_bucket(self, "AccessLogs", access_logs=access_logs, removal_policy=removal_policy)
        elsewhere = None if federation is None else _elsewhere(federation)
        forms = () if upload is None else (upload.upload_origin,)
        headers = self._headers(sign_in, *forms, *(() if elsewhere is None else (elsewhere.origin,)))
        api_behavior = _api_behavior(api, headers)
        self.distribution = cloudfront.Distribution(
            self,
            "Resource",
            additional_behaviors=dict.fromkeys(API_PATHS, api_behavior),
            certificate=certificate,
            comment=f"{name}: page and API",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                response_headers_policy=headers,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            ),
            default_root_object="index.html",
            domain_names=None if domain_name is None else [domain_name],
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            log_bucket=log_bucket,
            log_file_prefix="page/",
            log_includes_cookies=False,
            # Under CloudFront's own certificate the version is CloudFront's choice as well.
            minimum_protocol_version=None if certificate is None else cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=web_acl_arn,
        )
        self._accept_findings(has_acl=web_acl_arn is not None, certificate_reason=default_certificate_reason)
        config = PageConfig(
            user_pool_id=directory.user_pool.user_pool_id,
            client_id=directory.client.user_pool_client_id,
            sign_in_url=f"{sign_in}/",
            tokens_per_day=(TokenBudget() if budget is None else budget).per_user,
            name=name,
            federation=elsewhere,
            features=(*(() if upload is None else ("documents",)), *(("playground",) if has_playground else ())),
        )
        PageFiles(
            self,
            "Files",
            bucket=self.bucket,
            config=config,
            log_key=log_key,
            log_retention=log_retention,
            removal_policy=removal_policy,
        )

    @property
    def origin(self) -> str:
        """Origin of the page, `https://` and its name."""
        return f"https://{self._domain_name or self.distribution.distribution_domain_name}"

    def _headers(self, *connect: str) -> cloudfront.ResponseHeadersPolicy:
        """What binds the browser; the page's own server in the demo says the same."""
        plain = security_headers(*connect)
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="what a browser may do with the page",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=content_security_policy(*connect), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=_ONE_YEAR, include_subdomains=True, override=True
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=plain[header], override=True)
                    for header in ("cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy")
                ]
            ),
        )

    def _accept_findings(self, *, has_acl: bool, certificate_reason: str | None) -> None:
        acknowledge(
            self.distribution,
            "AwsSolutions-CFR1",
            reason="Who may use the page is decided by who was invited, wherever they are; the files are no secret.",
        )
        if not has_acl:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR2",
                reason="Files are read-only, and the API behind takes tokens only, limits rate and size by itself; "
                "web_acl_arn adds a web ACL, which costs 5 USD a month and more while nobody comes.",
            )
        if certificate_reason is not None:
            acknowledge(self.distribution, "AwsSolutions-CFR4", reason=certificate_reason)


def _elsewhere(federation: FederatedSignIn) -> PageFederation:
    return PageFederation(
        host=federation.host,
        client_id=federation.client.user_pool_client_id,
        scope=" ".join(SCOPES),
        providers={one.name: one.label for one in federation.providers},
    )


def _api_behavior(api: Api, headers: cloudfront.ResponseHeadersPolicy) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=origins.HttpOrigin(
            api.host,
            origin_path=f"/{STAGE}",
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            read_timeout=Duration.seconds(30),
        ),
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        # An answer is one person's: nothing of it is kept at the edge.
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        response_headers_policy=headers,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
    )
