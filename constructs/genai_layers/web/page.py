"""What the page is told of its deployment, and the headers that bind the browser. Pure: no CDK, no network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

STATIC = Path(__file__).parent / "static"
"""Folder of the page, served as it is."""

Feature = Literal["documents", "playground"]

SignInFlow = Literal["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFederation:
    """
    Other directories that people may come from.

    Attributes:
        host: Host that they are sent to, and that the page gives its code back to.
        client_id: App client of these people.
        scope: What their tokens are asked to have.
        providers: Name of each directory to what people know it by.
    """

    host: str
    client_id: str
    scope: str
    providers: Mapping[str, str]

    @property
    def origin(self) -> str:
        """What the page calls, beside its own origin and Cognito's API."""
        return f"https://{self.host}"

    def document(self) -> dict[str, object]:
        """Return it in the names that the page reads."""
        return {
            "url": self.origin,
            "clientId": self.client_id,
            "scope": self.scope,
            "providers": [{"name": name, "label": label} for name, label in self.providers.items()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PageConfig:
    """
    What `config.json` beside the page says. Nothing in it is a secret.

    Attributes:
        user_pool_id: Where people sign in.
        client_id: App client of it.
        sign_in_url: Address of Cognito's API, or a path of the page's own origin.
        api_url: Address of the chat's API without a slash at its end. Default: the page's own origin.
        sign_in_flow: How the password reaches Cognito. Default: it does not, the browser proves that it is known.
        tokens_per_day: Budget of a user; None where there is none.
        name: What the page calls itself, in its title and in the authenticator app.
        federation: Other directories that people may come from. Default: none.
        features: What of the page is shown beside the chat, since the API has routes for it. Default: nothing.
    """

    user_pool_id: str
    client_id: str
    sign_in_url: str
    api_url: str = ""
    sign_in_flow: SignInFlow = "USER_SRP_AUTH"
    tokens_per_day: int | None = None
    name: str = "Chat over documents"
    federation: PageFederation | None = None
    features: tuple[Feature, ...] = ()

    def document(self) -> dict[str, object]:
        """Return it in the names that the page reads."""
        return {
            **({} if self.federation is None else {"federation": self.federation.document()}),
            "name": self.name,
            "userPoolId": self.user_pool_id,
            "clientId": self.client_id,
            "signInUrl": self.sign_in_url,
            "apiUrl": self.api_url,
            "signInFlow": self.sign_in_flow,
            "tokensPerDay": self.tokens_per_day,
            **({"features": list(self.features)} if self.features else {}),
        }

    def json(self) -> str:
        """Return the file."""
        return json.dumps(self.document(), indent=2)


def content_security_policy(*connect: str) -> str:
    """
    Return the policy of the page: its own scripts and styles, no inline ones, and nobody else to talk to.

    Args:
        *connect: Origins beside its own that the page may call.

    Example:
        >>> "script-src 'self'" in content_security_policy()
        True
    """
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": " ".join(["'self'", *connect]),
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        # The page makes elements and text, never HTML; the browser refuses a script that tries.
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def security_headers(*connect: str) -> dict[str, str]:
    """
    Return every header that a response of the page must carry, but the one that demands TLS.

    Args:
        *connect: Origins beside its own that the page may call.
    """
    return {
        "content-security-policy": content_security_policy(*connect),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
