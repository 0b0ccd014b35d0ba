"""
What a user may ask for, one class a table of the environment file.

Defaults are the cheap ones that are still safe; an environment file says only what differs.
Facts (is this instance type Nitro, is this service in the region) are checked in `facts.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from genai_layers.settings.section import Section, WrittenReason
from genai_layers.settings.sleep import SleepSettings

Removal = Literal["retain", "destroy"]
Pack = Literal["AwsSolutions", "NIST80053R5", "HIPAA", "PCI"]
RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 3653]
"""The periods CloudWatch Logs knows (PutRetentionPolicy in the API reference), in days."""
AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]
CidrBlock = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}/(1[6-9]|2[0-2])$")]


class NetworkSettings(Section):
    """
    The virtual private cloud.

    Attributes:
        cidr: Address range, a /16 to a /22. Default: `10.0.0.0/16`.
        zone_count: Availability zones, 2 to 4. Default: 2; interface endpoints and load balancers cost per zone.
        zone_ids: Zone *ids* (`use1-az1`), the same place in every account. Default: the region's first zones.
        nat_gateways: At most one a zone. Default: 0, nothing in the network reaches the internet.
    """

    cidr: CidrBlock = "10.0.0.0/16"
    zone_count: int = Field(default=2, ge=2, le=4)
    zone_ids: tuple[str, ...] = ()
    nat_gateways: int = Field(default=0, ge=0, le=4)

    @model_validator(mode="after")
    def _zones_agree(self) -> Self:
        faults = []
        if self.zone_ids and len(self.zone_ids) != self.zone_count:
            faults.append(
                f"zone_ids names {len(self.zone_ids)} zones but zone_count is {self.zone_count}: make them equal"
            )
        if self.nat_gateways > self.zone_count:
            faults.append(
                f"nat_gateways {self.nat_gateways} is above zone_count {self.zone_count}: choose one a zone at most"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self


class SecuritySettings(Section):
    """
    People, keys and the audit trail.

    Attributes:
        trusted_accounts: Accounts whose users may assume the human roles with MFA. Default: the account itself.
        mfa_max_age_minutes: How old a second factor may be when a role is assumed. Default: 60.
        log_retention_days: Kept log time for every log group. Default: 365.
        key_deletion_days: Waiting period of a deleted key, 7 to 30. Default: 30.
    """

    trusted_accounts: tuple[AccountId, ...] = ()
    mfa_max_age_minutes: int = Field(default=60, ge=5, le=720)
    log_retention_days: RetentionDays = 365
    key_deletion_days: int = Field(default=30, ge=7, le=30)


class InferenceSettings(Section):
    """
    Layer 1: machines with accelerators.

    Attributes:
        enabled: Default: false, since a GPU machine is billed by the hour whether used or not.
        model: Id in the model catalog. Default: `llama-3.1-8b`.
        instance_types: Machines to use, in order of preference. Default: the cheapest that fit.
        max_model_len: Context length served, in tokens. Default: 8192.
        min_machines: Default: 1.
        max_machines: Default: 2.
        weights_prefix: Where the weights lie in the weights bucket. Default: the model id.
        certificate_arn: ACM certificate of the load balancer.
        domain_name: Name in that certificate by which callers know the load balancer.
        plaintext_reason: Why traffic inside the network may go without TLS; only with no certificate.
        sleep: When there is no machine. Default: `min_machines` always stand.
    """

    enabled: bool = False
    model: str = "llama-3.1-8b"
    instance_types: tuple[str, ...] = ()
    max_model_len: int = Field(default=8192, ge=512, le=1_048_576)
    min_machines: int = Field(default=1, ge=0, le=100)
    max_machines: int = Field(default=2, ge=1, le=100)
    weights_prefix: str | None = Field(default=None, pattern=r"^[A-Za-z0-9!_.*'()/-]+$")
    certificate_arn: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/\S+$")
    domain_name: str | None = Field(default=None, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
    plaintext_reason: WrittenReason | None = None
    sleep: SleepSettings = SleepSettings()

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        faults = []
        if self.sleep.is_asked_for and self.min_machines == 0:
            faults.append(
                "sleep is given and min_machines is 0, which keeps the fleet at nothing: leave one of them out"
            )
        if self.sleep.is_asked_for and self.sleep.opens is None and self.min_machines > 1:
            faults.append(
                f"min_machines is {self.min_machines} and a request starts one machine: leave it at 1, or name in sleep"
                " the hours in which more must stand"
            )
        if self.min_machines > self.max_machines:
            faults.append(f"min_machines {self.min_machines} is above max_machines {self.max_machines}: lower one")
        if self.enabled and (self.certificate_arn is None) == (self.plaintext_reason is None):
            faults.append(
                "an enabled fleet needs certificate_arn, or plaintext_reason with a written reason, and not both:"
                f" certificate_arn is {self.certificate_arn!r}, plaintext_reason is {self.plaintext_reason!r}"
            )
        if (self.certificate_arn is None) != (self.domain_name is None):
            faults.append(
                "certificate_arn and domain_name go together:"
                f" certificate_arn is {self.certificate_arn!r}, domain_name is {self.domain_name!r}"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self


class TopicSettings(Section):
    """
    A subject that the application does not talk about.

    Attributes:
        name: Up to 100 characters.
        definition: One or two sentences, up to 200 characters, as the classic tier allows.
        examples: Up to five questions that it covers.
    """

    name: str = Field(min_length=1, max_length=100)
    definition: str = Field(min_length=1, max_length=200)
    examples: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(default=(), max_length=5)


class GuardrailSettings(Section):
    """
    What the guardrail adds to its safe defaults.

    Attributes:
        denied_topics: Up to 30. Default: none.
        denied_words: Words and phrases that are never let through. Default: none.
        grounding_threshold: 0 to 0.99; an answer less grounded in its sources is blocked. Default: 0.7.
        relevance_threshold: 0 to 0.99; likewise for an answer beside the question. Default: 0.5.
    """

    denied_topics: tuple[TopicSettings, ...] = Field(default=(), max_length=30)
    denied_words: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = ()
    grounding_threshold: float = Field(default=0.7, ge=0, le=0.99)
    relevance_threshold: float = Field(default=0.5, ge=0, le=0.99)


class PlatformSettings(Section):
    """
    Layer 2: Amazon Bedrock.

    Attributes:
        model: Foundation model or inference profile that answers. Default: `amazon.nova-lite-v1:0`.
        embedding_model: Default: `amazon.titan-embed-text-v2:0`.
        embedding_dimensions: Length of a vector. Default: 1024.
        guardrail: What is added to the safe defaults.
        invocation_logging_off_reason: Why model calls are not logged here, such as a second environment of the
            same account and region, which have one log between them. Default: they are, personal data masked.
        adopt_logging_reason: Why a log that somebody else set up may be taken over. Default: the deploy stops.
    """

    model: str = "amazon.nova-lite-v1:0"
    embedding_model: str = "amazon.titan-embed-text-v2:0"
    embedding_dimensions: int = Field(default=1024, ge=1, le=4096)
    guardrail: GuardrailSettings = GuardrailSettings()
    invocation_logging_off_reason: WrittenReason | None = None
    adopt_logging_reason: WrittenReason | None = None


class OperationsSettings(Section):
    """
    Alarms and money.

    Attributes:
        alarm_email: Who is written to. Default: nobody; the topic is there to be subscribed.
        monthly_budget_usd: Spend at which the budget alarms, in USD a month. Default: 500.
        idle_days: Days without use after which an endpoint or a notebook is told as idle, 1 to 90. Default: 14.
        scale_in_idle_reason: Why copies of idle models may be taken to zero, where their own scaling may go there.
            Default: a dry run; what is idle is only told.
    """

    alarm_email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    monthly_budget_usd: int = Field(default=500, ge=1, le=10_000_000)
    idle_days: int = Field(default=14, ge=1, le=90)
    scale_in_idle_reason: WrittenReason | None = None


class ComplianceSettings(Section):
    """
    Attributes:
        packs: cdk-nag packs that the synth must pass, beside our own. Default: AwsSolutions.
    """

    packs: tuple[Pack, ...] = ("AwsSolutions",)
