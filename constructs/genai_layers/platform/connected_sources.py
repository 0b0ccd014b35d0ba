"""Documents that live elsewhere: on the web, in Confluence, SharePoint and Salesforce, or sent by an application."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import IConstruct

from genai_layers.platform.store_credentials import read_statements

MAX_SEED_URLS = 100
MAX_FILTERS = 25
MAX_RATE_PER_MINUTE = 300


class WebScope(StrEnum):
    """How far a crawl may go from its first pages."""

    HOST_ONLY = "HOST_ONLY"
    SUBDOMAINS = "SUBDOMAINS"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSource:
    """
    Pages of a site that you may crawl; the crawler obeys robots.txt.

    Attributes:
        seed_urls: First pages, 1 to 100, with https.
        scope: How far it may go. Default: the same host.
        include: Regular expressions of addresses to keep. Default: all.
        exclude: Regular expressions of addresses to leave out; they win. Default: none.
        max_pages: Most pages of a run. Default: 1,000, a bound on the bill.
        rate_per_minute: Most requests a minute to a host, 1 to 300. Default: 60.
    """

    seed_urls: Sequence[str]
    scope: WebScope = WebScope.HOST_ONLY
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    max_pages: int = 1000
    rate_per_minute: int = 60

    @property
    def type(self) -> str:
        """Kind, in the words of the service."""
        return "WEB"

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [
            f"seed url {url!r} is no address with https" for url in self.seed_urls if not re.match(r"https://\w", url)
        ]
        if not 1 <= len(self.seed_urls) <= MAX_SEED_URLS:
            faults.append(f"there are {len(self.seed_urls)} seed_urls, allowed are 1 to {MAX_SEED_URLS}")
        faults += [
            f"there are {len(filters)} {name} filters, at most {MAX_FILTERS} are allowed"
            for name, filters in (("include", self.include), ("exclude", self.exclude))
            if len(filters) > MAX_FILTERS
        ]
        if self.max_pages < 1:
            faults.append(f"max_pages is {self.max_pages}, it must be at least 1")
        if not 1 <= self.rate_per_minute <= MAX_RATE_PER_MINUTE:
            faults.append(f"rate_per_minute is {self.rate_per_minute}, allowed are 1 to {MAX_RATE_PER_MINUTE}")
        return faults

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        crawler: dict[str, object] = {
            "scope": self.scope.value,
            "crawlerLimits": {"maxPages": self.max_pages, "rateLimit": self.rate_per_minute},
        }
        if self.include:
            crawler["inclusionFilters"] = list(self.include)
        if self.exclude:
            crawler["exclusionFilters"] = list(self.exclude)
        seeds = {"urlConfiguration": {"seedUrls": [{"url": url} for url in self.seed_urls]}}
        return {"webConfiguration": {"sourceConfiguration": seeds, "crawlerConfiguration": crawler}}

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Return what the role must be allowed: nothing, since pages are read over the internet."""
        return ()

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:  # noqa: ARG002 - the same everywhere
        """
        Return the findings that they bring: there are none.

        Args:
            scope: Construct of the knowledge base.
        """
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomSource:
    """Documents that an application sends one by one with IngestKnowledgeBaseDocuments."""

    @property
    def type(self) -> str:
        """Kind, in the words of the service."""
        return "CUSTOM"

    def faults(self) -> list[str]:
        """Return what the service would refuse: nothing can be set."""
        return []

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them: there are none."""
        return {}

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Return what the role must be allowed: nothing, the documents come with the call."""
        return ()

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:  # noqa: ARG002 - the same everywhere
        """
        Return the findings that they bring: there are none.

        Args:
            scope: Construct of the knowledge base.
        """
        return {}


class Application(StrEnum):
    """An application whose documents the service can read."""

    CONFLUENCE = "CONFLUENCE"
    SHAREPOINT = "SHAREPOINT"
    SALESFORCE = "SALESFORCE"


class SignIn(StrEnum):
    """How the service signs in to an application."""

    BASIC = "BASIC"
    OAUTH2_CLIENT_CREDENTIALS = "OAUTH2_CLIENT_CREDENTIALS"
    OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS = "OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS"


_SIGN_INS = {
    Application.CONFLUENCE: (SignIn.BASIC, SignIn.OAUTH2_CLIENT_CREDENTIALS),
    Application.SHAREPOINT: (
        SignIn.OAUTH2_CLIENT_CREDENTIALS,
        SignIn.OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS,
    ),
    Application.SALESFORCE: (SignIn.OAUTH2_CLIENT_CREDENTIALS,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSource:
    """
    Documents of Confluence, SharePoint or Salesforce.

    Attributes:
        application: Which one.
        url: Address of the instance; for SharePoint, of one site.
        secret: What the service signs in with.
        secret_key: Key of the secret. Default: one that AWS owns.
        sign_in: How it signs in. Default: OAuth 2 with client credentials.
        tenant_id: Directory of SharePoint, which needs it; a UUID.
        domain: Domain of SharePoint, which needs it.
    """

    application: Application
    url: str
    secret: secretsmanager.ISecret
    secret_key: kms.IKey | None = None
    sign_in: SignIn = SignIn.OAUTH2_CLIENT_CREDENTIALS
    tenant_id: str | None = None
    domain: str | None = None

    @property
    def type(self) -> str:
        """Kind, in the words of the service."""
        return self.application.value

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = []
        if not re.match(r"https://\w", self.url):
            faults.append(f"url {self.url!r} is no address with https")
        allowed = _SIGN_INS[self.application]
        if self.sign_in not in allowed:
            faults.append(f"{self.application} has no sign_in {self.sign_in}: choose {', '.join(allowed)}")
        given = self.tenant_id is not None and self.domain is not None
        if self.application is Application.SHAREPOINT and not given:
            faults.append("SharePoint needs tenant_id and domain")
        return faults

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        settings: dict[str, object] = {
            "authType": self.sign_in.value,
            "credentialsSecretArn": self.secret.secret_arn,
            "hostUrl": self.url,
        }
        if self.application is Application.CONFLUENCE:
            settings["hostType"] = "SAAS"
        if self.application is Application.SHAREPOINT:
            del settings["hostUrl"]
            settings |= {
                "hostType": "ONLINE",
                "siteUrls": [self.url],
                "tenantId": self.tenant_id,
                "domain": self.domain,
            }
        name = {"SHAREPOINT": "sharePoint"}.get(self.type, self.type.lower())
        return {f"{name}Configuration": {"sourceConfiguration": settings}}

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """Return what the role must be allowed: to read the secret, and decrypt it."""
        return read_statements(self.secret, self.secret_key)

    def accepted(self, scope: IConstruct) -> Mapping[str, str]:  # noqa: ARG002 - the same everywhere
        """
        Return the findings that they bring: there are none.

        Args:
            scope: Construct of the knowledge base.
        """
        return {}
