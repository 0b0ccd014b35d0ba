"""Start the server of the page for what was deployed, as a process of the cloud that is stopped with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from genai_layers.web import PageConfig
from tools.demo.questions import ChatApi
from tools.local_cloud.environment import certificate
from tools.local_cloud.ports import LOOPBACK, free_ports

if TYPE_CHECKING:
    from genai_layers.web.page import SignInFlow
    from tools.demo.deployment import Deployment
    from tools.local_cloud import LocalCloud

SIGN_IN_PATH = "/sign-in"
"""Path of the page's origin that leads to the emulated Cognito."""

_TOKENS_PER_DAY = 200_000  # what a chat allows a user by default


@dataclass(frozen=True, slots=True, kw_only=True)
class PageServer:
    """
    A running server of the page.

    Attributes:
        url: Address of the page.
    """

    url: str


def start(cloud: LocalCloud, deployed: Deployment, *, sign_in_flow: SignInFlow = "USER_SRP_AUTH") -> PageServer:
    """
    Serve the page for *deployed*.

    Args:
        cloud: The running cloud; the server ends with it.
        deployed: Its stacks.
        sign_in_flow: How the password reaches the emulated Cognito. Default: as in an account, by proof alone.
    """
    (port,) = free_ports(1)
    url = f"http://{LOOPBACK}:{port}"
    api_url = deployed.output("Application", "ApiUrl")
    config = PageConfig(
        user_pool_id=deployed.output("Application", "UserPoolId"),
        client_id=deployed.output("Application", "UserPoolClientId"),
        sign_in_url=SIGN_IN_PATH,
        sign_in_flow=sign_in_flow,
        tokens_per_day=_TOKENS_PER_DAY,
        name="Chat over documents (local)",
        features=("documents", "playground"),
    )
    settings = {
        "config": config.document(),
        "sign_in_path": SIGN_IN_PATH,
        "endpoint": cloud.endpoint,
        "api_base": cloud.endpoint + urlsplit(api_url).path.rstrip("/"),
        "api_host": ChatApi(cloud, api_url).host,
        # Forms of uploads go to the emulated S3 itself, as they go to the bucket in an account.
        "connect": [cloud.endpoint],
        "certificate": str(certificate(cloud.layout)) if cloud.enforce_iam else None,
    }
    file = cloud.layout.home / "page.json"
    file.write_text(json.dumps(settings, indent=2), encoding="utf-8")
    cloud.add_program("page", "tools.demo.page", (str(port), str(file)), health_url=f"{url}/index.html")
    return PageServer(url=f"{url}/")
