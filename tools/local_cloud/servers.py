"""The three servers of the local cloud: how each is started and where it says that it is well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tools.local_cloud import processes
from tools.local_cloud.environment import certificate
from tools.local_cloud.layout import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY, Layout
from tools.local_cloud.ports import LOOPBACK
from tools.local_cloud.routing import MOTO_URL_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.local_cloud.record import Record

MINISTACK = "ministack"
MOTO = "moto"
STAND_IN = "stand-in"


def ministack(layout: Layout, record: Record, *, port: int, mqtt_port: int) -> processes.Server:
    """Start MiniStack with our provisioner table registered in its process."""
    environment = {
        **_bare(layout),
        "PYTHONPATH": str(layout.root),
        "NODE_PATH": str(layout.node_sdk),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "IOT_MTLS_PORT": str(mqtt_port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "MINISTACK_BEDROCK_PROXY_URL": record.model_url.removesuffix("/").removesuffix("/v1"),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "S3_PERSIST": "0",
        # Nothing here takes as long as on AWS, so state machines need not wait as long for it.
        "SFN_WAIT_SCALE": "0.1",
        MOTO_URL_VARIABLE: record.moto_endpoint,
    }
    if record.enforces_iam:
        # It makes the certificate when it starts, and trusts it when it calls itself.
        environment |= {"AUTH": "true", "USE_SSL": "1", "SSL_CERT_FILE": str(certificate(layout))}
    return processes.start(
        MINISTACK,
        [str(layout.ministack_python), "-m", "tools.local_cloud.ministack_launcher"],
        environment=environment,
        folder=layout.home,
        log=layout.home / "ministack.log",
    )


def moto(layout: Layout, port: int) -> processes.Server:
    """Start the moto server."""
    return processes.start(
        MOTO,
        [str(layout.moto_python), "-m", "moto.server", "-H", LOOPBACK, "-p", str(port)],
        environment={**_bare(layout), "MOTO_ACCOUNT_ID": ACCOUNT},
        folder=layout.home,
        log=layout.home / "moto.log",
    )


def stand_in(layout: Layout, port: int) -> processes.Server:
    """Start the stand-in for a model."""
    return processes.start(
        STAND_IN,
        [str(layout.tool_python), "-m", "tools.local_cloud.stand_in", str(port)],
        environment={**_bare(layout), "PYTHONPATH": str(layout.root)},
        folder=layout.home,
        log=layout.home / "stand-in.log",
    )


def program(layout: Layout, name: str, module: str, arguments: Sequence[str]) -> processes.Server:
    """Start a module of the project in its own environment."""
    return processes.start(
        name,
        [str(layout.tool_python), "-m", module, *arguments],
        environment={
            **_bare(layout),
            "PYTHONPATH": os.pathsep.join([str(layout.root), str(layout.root / "constructs")]),
        },
        folder=layout.home,
        log=layout.home / f"{name}.log",
    )


def health_url(server: processes.Server, record: Record) -> str:
    """The address at which *server* says that it is well."""
    return {
        MINISTACK: f"{record.endpoint}/_ministack/health",
        MOTO: f"{record.moto_endpoint}/moto-api/data.json",
        STAND_IN: f"{record.model_url}/health",
    }[server.name]


def _bare(layout: Layout) -> dict[str, str]:
    """An environment that holds nothing of the caller's: no credentials, no profile, no proxy."""
    return {
        "PATH": os.pathsep.join([str(layout.node.parent), os.environ.get("PATH", os.defpath)]),
        "HOME": str(layout.home),
        "TMPDIR": str(layout.home / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
