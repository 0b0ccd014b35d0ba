"""What an environment file may say of the page."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from genai_layers.settings.section import Section, WrittenReason


class WebPageSettings(Section):
    """
    A page to sign in and to ask on.

    Attributes:
        enabled: Default: false. It costs nothing while nobody opens it, but it is a public address, wants a name and
            a certificate that only you have, and a program may be all that asks the API.
        name: What the page calls itself, also in authenticator apps. Default: `Chat over documents`.
        domain_name: Name of the page.
        certificate_arn: ACM certificate for that name, in us-east-1, where CloudFront reads it.
        default_certificate_reason: Why the page may stand under CloudFront's own name, which also takes TLS versions
            before 1.2; only with no certificate.
        web_acl_arn: AWS WAF web ACL of scope CLOUDFRONT, in us-east-1. Default: none.
    """

    enabled: bool = False
    name: str = Field(default="Chat over documents", min_length=1, max_length=60)
    domain_name: str | None = Field(default=None, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
    certificate_arn: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/\S+$")
    default_certificate_reason: WrittenReason | None = None
    web_acl_arn: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/\S+$")

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        faults = []
        if self.enabled and (self.certificate_arn is None) == (self.default_certificate_reason is None):
            faults.append(
                "an enabled page needs certificate_arn, or default_certificate_reason with a written reason, and not "
                f"both: certificate_arn is {self.certificate_arn!r}, "
                f"default_certificate_reason is {self.default_certificate_reason!r}"
            )
        if (self.certificate_arn is None) != (self.domain_name is None):
            faults.append(
                "certificate_arn and domain_name go together:"
                f" certificate_arn is {self.certificate_arn!r}, domain_name is {self.domain_name!r}"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self
