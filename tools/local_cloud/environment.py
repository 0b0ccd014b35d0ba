"""The environment variables that point AWS clients at the local cloud."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tools.local_cloud.layout import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY, Layout

if TYPE_CHECKING:
    from pathlib import Path

    from tools.local_cloud.record import Record

_KEPT = ("HOME", "LANG", "LC_ALL", "TERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CI")


def client_environment(layout: Layout, record: Record) -> dict[str, str]:
    """
    Everything a client needs, and nothing of the caller's AWS settings.

    Profiles, credentials and endpoints of the surrounding shell are left out on purpose:
    a demo must never reach a real account.
    """
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "PATH": os.pathsep.join([str(layout.tool_python.parent), os.environ.get("PATH", os.defpath)]),
        "TMPDIR": str(layout.home / "tmp"),
        "AWS_ENDPOINT_URL": record.endpoint,
        "AWS_ENDPOINT_URL_S3": record.endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "1",
        **_trust(layout, record),
    }


def certificate(layout: Layout) -> Path:
    """The certificate that MiniStack made for itself, once it runs over TLS."""
    return layout.home / "tmp" / "ministack-tls" / "server.crt"


def _trust(layout: Layout, record: Record) -> dict[str, str]:
    if not record.endpoint.startswith("https:"):
        return {}
    path = str(certificate(layout))
    return {"AWS_CA_BUNDLE": path, "NODE_EXTRA_CA_CERTS": path, "REQUESTS_CA_BUNDLE": path, "SSL_CERT_FILE": path}
