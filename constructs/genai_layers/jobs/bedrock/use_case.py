"""The form that Anthropic wants once of every account, before its models answer there."""

import json
import re
from dataclasses import dataclass

_WEBSITE = re.compile(r"https?://[^\s/]+(/\S*)?")
_LONGEST = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase:
    """
    Who uses the models, and what for. It is sent to AWS and to the provider, and cannot be taken back.

    Attributes:
        company_name: Name of the company.
        company_website: Its address on the web.
        industry: Such as `Energy`, as the form in the console offers it.
        use_cases: What the models are for, in sentences. No personal or secret data.
        is_for_customers: Whether people outside the company use it. Default: no.
        other_industry: More about an industry that is `Other`. Default: nothing.
    """

    company_name: str
    company_website: str
    industry: str
    use_cases: str
    is_for_customers: bool = False
    other_industry: str = ""

    def faults(self) -> list[str]:
        """Return what the form would be refused for."""
        faults = [
            f"use_case.{name} is empty: the form wants it"
            for name in ("company_name", "industry", "use_cases")
            if not getattr(self, name).strip()
        ]
        if not _WEBSITE.fullmatch(self.company_website):
            faults.append(f"use_case.company_website is {self.company_website!r}: give one like 'https://example.com'")
        size = len(self.render().encode())
        if size > _LONGEST:
            faults.append(f"the use case is {size} bytes, allowed are {_LONGEST}: shorten use_cases")
        return faults

    def render(self) -> str:
        """Return the form as the service wants it (API reference, PutUseCaseForModelAccess)."""
        return json.dumps(
            {
                "companyName": self.company_name,
                "companyWebsite": self.company_website,
                "intendedUsers": "1" if self.is_for_customers else "0",
                "industryOption": self.industry,
                "otherIndustryOption": self.other_industry,
                "useCases": self.use_cases,
            }
        )
