"""boto3 clients that reach the local cloud and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from tools.local_cloud.environment import certificate
from tools.local_cloud.layout import ACCESS_KEY, REGION, SECRET_KEY
from tools.local_cloud.routing import split

if TYPE_CHECKING:
    from tools.local_cloud.cloud import LocalCloud


class Clients:
    """
    Makes one client per service and keeps it.

    Args:
        cloud: The running cloud.

    Example:
        buckets = Clients(cloud)("s3").list_buckets()
    """

    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud = cloud
        # A session of its own: the caller's profiles and keys must play no part.
        self._session: Any = boto3.Session(
            aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY, region_name=REGION
        )
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        """The client of *service*, by botocore's name, with `@moto` for moto's where both emulators have it."""
        if service not in self._made:
            name, behind = split(service)
            self._made[service] = self._session.client(
                name,
                endpoint_url=self._cloud.moto_endpoint if behind else self._cloud.endpoint,
                verify=str(certificate(self._cloud.layout)) if self._cloud.enforce_iam else None,
                config=Config(
                    retries={"max_attempts": 2},
                    read_timeout=120,
                    inject_host_prefix=False,
                    s3={"addressing_style": "path"},
                ),
            )
        return self._made[service]

    def close(self) -> None:
        """Close the connections of every client."""
        for client in self._made.values():
            client.close()
        self._made.clear()
