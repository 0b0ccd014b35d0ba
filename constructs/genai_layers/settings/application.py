"""What an environment file may say of the third layer."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from genai_layers.settings.evaluation import EvaluationSettings
from genai_layers.settings.firewall import FirewallSettings
from genai_layers.settings.playground import PlaygroundSettings
from genai_layers.settings.section import Section, WrittenReason
from genai_layers.settings.upload import UploadSettings
from genai_layers.settings.web_page import WebPageSettings


class ApplicationSettings(Section):
    """
    Layer 3: what people use.

    Attributes:
        max_output_tokens: Longest answer, in tokens. Default: 1024.
        requests_per_second: Steady rate of the whole API. Default: 10.
        burst: Requests let through at once, at least as many. Default: 20.
        conversation_days: Days a message is kept. Default: 30.
        daily_tokens_per_user: Tokens that one user may spend a day, read and written; more than one longest answer.
            Default: 200,000.
        instructions: What the model is told beyond the house rules. Default: nothing.
        threat_protection_off_reason: Why Cognito need not look for stolen passwords, at 0.02 USD a user and month.
            Default: it does.
        allowed_origins: Web origins that may call the API from a browser. Default: none.
        password_sign_in_reason: Why an app client may send the password itself instead of proving it (SRP).
            Default: not allowed.
        web_page: The page that people use, on one origin with the API. Default: none.
        firewall: AWS WAF before the API. Default: none.
        upload: Documents of people, looked into first. Default: nobody uploads.
        playground: Trying prompts on models. Default: none.
        evaluation: Questions with known answers that a deploy is judged by. Default: none.
    """

    max_output_tokens: int = Field(default=1024, ge=16, le=8192)
    requests_per_second: int = Field(default=10, ge=1, le=10_000)
    burst: int = Field(default=20, ge=1, le=5_000)
    conversation_days: int = Field(default=30, ge=1, le=3_650)
    daily_tokens_per_user: int = Field(default=200_000, ge=1_000, le=100_000_000)
    instructions: str | None = Field(default=None, min_length=1, max_length=2_000)
    threat_protection_off_reason: WrittenReason | None = None
    allowed_origins: tuple[Annotated[str, Field(pattern=r"^https://[^/*]+$")], ...] = ()
    password_sign_in_reason: WrittenReason | None = None
    web_page: WebPageSettings = WebPageSettings()
    firewall: FirewallSettings = FirewallSettings()
    upload: UploadSettings = UploadSettings()
    playground: PlaygroundSettings = PlaygroundSettings()
    evaluation: EvaluationSettings = EvaluationSettings()

    @model_validator(mode="after")
    def _limits_agree(self) -> Self:
        faults = []
        if self.burst < self.requests_per_second:
            faults.append(
                f"burst {self.burst} is below requests_per_second {self.requests_per_second}: give at least as many"
            )
        if self.daily_tokens_per_user <= self.max_output_tokens:
            faults.append(
                f"daily_tokens_per_user {self.daily_tokens_per_user} leaves no room for one answer of"
                f" max_output_tokens {self.max_output_tokens}: raise it or shorten the answer"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self
