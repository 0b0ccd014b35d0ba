"""
An API that verifies Cognito's tokens has to fetch the pool's keys over TLS when MiniStack speaks TLS.

MiniStack 1.5.33 always asks itself over plain HTTP, so with `USE_SSL` every signed-in request is refused.
"""

from __future__ import annotations

from typing import Any

from ministack.core import tls
from ministack.services import apigateway, apigateway_v1


def apply() -> None:
    """Ask over TLS where that is what the server speaks."""
    if not tls.use_ssl_enabled():
        return
    theirs = apigateway._resolve_jwks_url
    own = f"http://{apigateway._HOST}:{apigateway._PORT}/"

    async def resolve(authorizer: dict[str, Any]) -> str | None:
        url = await theirs(authorizer)
        return f"https://{url.removeprefix('http://')}" if url is not None and url.startswith(own) else url

    apigateway._resolve_jwks_url = resolve
    # REST APIs hold a name of their own for it.
    apigateway_v1._resolve_jwks_url = resolve
