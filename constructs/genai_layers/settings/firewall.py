"""What an environment file may say of the firewall."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from genai_layers.settings.section import Section


class FirewallSettings(Section):
    """
    AWS WAF before the API.

    Attributes:
        enabled: Default: false, since it costs 10 USD a month while nobody comes, and every route takes verified
            tokens only.
        requests_per_address: Requests of one address let through in five minutes. Default: 1,000.
        body_kib: Longest body, KiB. Default: 64.
    """

    enabled: bool = False
    requests_per_address: int = Field(default=1_000, ge=10, le=2_000_000_000)
    body_kib: Literal[16, 32, 48, 64] = 64
