"""An image of a private registry: one version of it, and exactly what must be readable to pull it."""

import re
from dataclasses import dataclass

from aws_cdk import Fn, Stack
from aws_cdk import aws_ecr as ecr

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAMES_A_VERSION = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundImage:
    """
    An image as one stack sees it.

    Attributes:
        uri: Full address with tag or digest.
        registry: Host of the registry, for the login.
        repository_arn: The one repository that must be readable.
    """

    uri: str
    registry: str
    repository_arn: str

    @classmethod
    def in_repository(cls, repository: ecr.IRepository, version: str) -> "BoundImage":
        """
        Return an image of a repository of yours.

        Args:
            repository: Where it lies.
            version: Tag or digest.
        """
        return cls(
            uri=f"{repository.repository_uri}{_reference(version)}",
            registry=Fn.select(0, Fn.split("/", repository.repository_uri)),
            repository_arn=repository.repository_arn,
        )

    @classmethod
    def in_account(cls, stack: Stack, account: str, name: str, version: str) -> "BoundImage":
        """
        Return an image of another account's registry, in the region of *stack*.

        Args:
            stack: Gives partition and region.
            account: Account of the registry.
            name: Name of the repository.
            version: Tag or digest.
        """
        registry = f"{account}.dkr.ecr.{stack.region}.{stack.url_suffix}"
        return cls(
            uri=f"{registry}/{name}{_reference(version)}",
            registry=registry,
            repository_arn=stack.format_arn(service="ecr", account=account, resource="repository", resource_name=name),
        )


def version_faults(version: str) -> list[str]:
    """
    Return why *version* does not name the same image for good.

    Args:
        version: Tag or digest.
    """
    if _DIGEST.fullmatch(version) or _NAMES_A_VERSION.search(version):
        return []
    return [
        f"image version {version!r} moves with every push: give a tag that names one version, such as "
        "'0.27.1-gpu', or a digest 'sha256:...'"
    ]


def _reference(version: str) -> str:
    return f"@{version}" if _DIGEST.fullmatch(version) else f":{version}"
