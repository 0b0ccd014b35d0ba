"""
The Helm charts of a cluster, each mirrored in a private registry that a private cluster can reach.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_ecr as ecr

PRODUCTION_STACK_VERSION = "0.1.12"
"""Of the chart `vllm-stack`, vllm-project/production-stack, 2026-08-05; its values are what `stack_values` writes."""

KEDA_VERSION = "2.20.2"
"""Of the chart `keda` and of its images, kedacore/charts, 2026-08; the first with endpoints of a service is 2.19."""

_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """
    One version of a Helm chart, as an OCI artifact in a repository of yours.

    A cluster without a way to the internet can fetch no chart from a public page, and a page can change; a repository
    with immutable tags can do neither.

    Attributes:
        name: Name of the chart.
        repository: Repository that holds it; the last part of its name is the chart's, as `helm push` makes it.
        version: The version.
        known_version: The version that the values are written for.

    Example:
        Chart.production_stack(ecr.Repository.from_repository_name(self, "Chart", "charts/vllm-stack"))
    """

    name: str
    repository: ecr.IRepository
    version: str
    known_version: str

    @classmethod
    def production_stack(cls, repository: ecr.IRepository, version: str = PRODUCTION_STACK_VERSION) -> Chart:
        """
        The chart of the vLLM production stack.

        Args:
            repository: Repository that holds it.
            version: Default: the version that our values are written and tested for.
        """
        return cls(name="vllm-stack", repository=repository, version=version, known_version=PRODUCTION_STACK_VERSION)

    @classmethod
    def keda(cls, repository: ecr.IRepository, version: str = KEDA_VERSION) -> Chart:
        """
        The chart of KEDA.

        Args:
            repository: Repository that holds it.
            version: Default: the version that our values are written and tested for.
        """
        return cls(name="keda", repository=repository, version=version, known_version=KEDA_VERSION)

    @property
    def address(self) -> str:
        """Where Helm finds it."""
        return f"oci://{self.repository.repository_uri}"

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = []
        if not _VERSION.fullmatch(self.version):
            found.append(f"chart {self.name!r} has version {self.version!r}: give one version such as '1.2.3'")
        elif self.version.split(".")[:2] != self.known_version.split(".")[:2]:
            found.append(
                f"chart {self.name!r} has version {self.version!r}, whose values may differ from those written for "
                f"{self.known_version}: choose a version {'.'.join(self.known_version.split('.')[:2])}.x"
            )
        name = self.repository.repository_name
        if not Token.is_unresolved(name) and name.rpartition("/")[2] != self.name:
            found.append(
                f"chart {self.name!r} is said to lie in repository {name!r}: name one that ends with '{self.name}', "
                f"as 'helm push {self.name}-{self.version}.tgz oci://REGISTRY/charts' makes it"
            )
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keda:
    """
    What makes fleets of a cluster grow and shrink, mirrored.

    Attributes:
        chart: Its chart.
        operator: Repository with the image `kedacore/keda`, tagged with the chart's version.
        metrics_server: Repository with the image `kedacore/keda-metrics-apiserver`, tagged likewise.

    Example:
        Keda(chart=Chart.keda(charts), operator=operator, metrics_server=metrics_server)
    """

    chart: Chart
    operator: ecr.IRepository
    metrics_server: ecr.IRepository

    @property
    def images(self) -> tuple[ecr.IRepository, ...]:
        """Repositories of its images."""
        return (self.operator, self.metrics_server)
