"""
How requests travel to a fleet: under TLS, or in the clear for a written reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53

MINIMUM_REASON = 20
"""Characters of the shortest reason that the acknowledgement ledger takes."""


@dataclass(frozen=True, slots=True)
class Transport:
    """
    TLS with a certificate and the name in it, or plain HTTP and why.

    Attributes:
        certificate: TLS certificate; None for plain HTTP.
        domain_name: Name in the certificate by which callers know the fleet; None with plain HTTP.
        hosted_zone: Zone in which *domain_name* is made to lead to the fleet; None when somebody else does that.
        plaintext_reason: Why plain HTTP is safe; None with a certificate.
    """

    certificate: acm.ICertificate | None
    domain_name: str | None
    hosted_zone: route53.IHostedZone | None
    plaintext_reason: str | None

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = []
        if (self.certificate is None) == (self.plaintext_reason is None):
            given = "no certificate is" if self.certificate is None else "both certificate and plaintext_reason are"
            found.append(
                f"{given} given: give a certificate, or say in plaintext_reason why requests may go without TLS"
            )
        reason = self.plaintext_reason
        if reason is not None and len(" ".join(reason.split())) < MINIMUM_REASON:
            found.append(
                f"plaintext_reason is {reason!r}: write at least {MINIMUM_REASON} characters that an auditor can follow"
            )
        if self.certificate is not None and self.domain_name is None:
            found.append(
                "a certificate is given and no domain_name: give the name in the certificate, since no caller can "
                "verify it against the load balancer's own name"
            )
        if self.certificate is None and self.domain_name is not None:
            found.append(
                f"domain_name is {self.domain_name!r} and there is no certificate for it: give one, or leave it out"
            )
        if self.hosted_zone is not None and self.domain_name is None:
            found.append("hosted_zone is given and no domain_name: give the name that is to lead here")
        return tuple(found)
