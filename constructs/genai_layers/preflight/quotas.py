"""
How many things an account may have, asked of Service Quotas.

Calls Service Quotas only, read-only: GetServiceQuota, GetAWSDefaultServiceQuota and ListServiceQuotas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from genai_layers.preflight.deployable import Blocker

_UNKNOWN = ("NoSuchResourceException",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """
    What an account may have of one thing in one region.

    Attributes:
        service: Code of the service, such as `ec2`.
        code: Code of the quota.
        name: Name of the quota.
        value: How much.
        region: Where it holds.
    """

    service: str
    code: str
    name: str
    value: float
    region: str

    @property
    def where_to_ask(self) -> str:
        """Where more can be asked for."""
        return (
            f"ask for more of quota {self.code} in {self.region}: `aws service-quotas request-service-quota-increase"
            f" --service-code {self.service} --quota-code {self.code} --desired-value N --region {self.region}`,"
            f" or Service Quotas in the console"
        )


def quota(session: boto3.Session, region: str, *, service: str, code: str) -> Quota | Blocker:
    """
    Return one quota of the account, or why it cannot be read.

    Args:
        session: Credentials; its own region is not used.
        region: Region that is asked about.
        service: Code of the service.
        code: Code of the quota.
    """
    client = session.client("service-quotas", region_name=region)
    try:
        try:
            found = client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]
        except ClientError as fault:
            # An account that never asked for another value may have none of its own.
            if fault.response["Error"]["Code"] not in _UNKNOWN:
                raise
            found = client.get_aws_default_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]
    except (BotoCoreError, ClientError) as fault:
        return Blocker(f"quota {code} of {service} cannot be read ({fault})", "allow servicequotas:GetServiceQuota")
    return _quota(found, service, region)


def quotas_by_name(
    session: boto3.Session, region: str, *, service: str, patterns: Mapping[str, str]
) -> dict[str, Quota] | Blocker:
    """
    Return the quotas of a service whose names match, or why they cannot be read.

    The service numbers its quotas without telling the numbers, so they are found by their names; one that matches
    nothing is left out.

    Args:
        session: Credentials; its own region is not used.
        region: Region that is asked about.
        service: Code of the service.
        patterns: Regular expressions of names, by the key of the answer.
    """
    client = session.client("service-quotas", region_name=region)
    try:
        pages = list(client.get_paginator("list_service_quotas").paginate(ServiceCode=service))
    except (BotoCoreError, ClientError) as fault:
        return Blocker(f"quotas of {service} cannot be read ({fault})", "allow servicequotas:ListServiceQuotas")
    return dict(_matching((one for page in pages for one in page["Quotas"]), service, region, patterns))


def _matching(
    found: Iterable[Mapping[str, Any]], service: str, region: str, patterns: Mapping[str, str]
) -> Iterator[tuple[str, Quota]]:
    for one in found:
        for key, pattern in patterns.items():
            if re.search(pattern, str(one["QuotaName"]), re.IGNORECASE):
                yield key, _quota(one, service, region)


def _quota(found: Mapping[str, Any], service: str, region: str) -> Quota:
    return Quota(
        service=service,
        code=str(found["QuotaCode"]),
        name=str(found["QuotaName"]),
        value=float(found["Value"]),
        region=region,
    )
