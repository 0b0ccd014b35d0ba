"""Where a promotion puts a model: an endpoint, or a component on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms


@runtime_checkable
class IPromotable(Protocol):
    """A place where a model serves; its template owns machines and network, the promotion which model it is."""

    @property
    def endpoint_name(self) -> str:
        """Endpoint that is changed, or that the component belongs to."""
        ...

    @property
    def component_name(self) -> str | None:
        """Component that is changed; None for the endpoint itself."""
        ...

    @property
    def changed_arn(self) -> str:
        """ARN of what is changed."""
        ...

    @property
    def starting(self) -> str:
        """Name of what the template serves: a configuration of the endpoint, or a model of the component."""
        ...

    @property
    def starting_arn(self) -> str | None:
        """ARN of that configuration, which CloudFormation alone can name; None for a component."""
        ...

    @property
    def config_members(self) -> Sequence[str]:
        """What the configuration says besides its variants, as the API calls it."""
        ...

    @property
    def update(self) -> Mapping[str, object]:
        """What an update says besides names, as CloudFormation spells it, watched by alarms."""
        ...

    @property
    def go_back(self) -> Mapping[str, object]:
        """The same for a way back, which alarms that are still on do not stop."""
        ...

    @property
    def key(self) -> kms.IKey:
        """Key of the volumes."""
        ...

    @property
    def execution_role(self) -> iam.IRole:
        """Role of the models."""
        ...

    @property
    def vpc_config(self) -> Mapping[str, object]:
        """Network of the models, as CloudFormation spells it."""
        ...

    @property
    def is_isolated(self) -> bool:
        """Whether containers have no network."""
        ...

    @property
    def rollback_alarms(self) -> Sequence[cloudwatch.IAlarm]:
        """Alarms that take a change back."""
        ...

    @property
    def faults(self) -> Sequence[str]:
        """Why nobody but the template can change its model; none where one can."""
        ...


def api_cased(value: Any) -> Any:
    """Return a value of CloudFormation's L1 classes as the API spells it."""
    if isinstance(value, Mapping):
        return {f"{name[0].upper()}{name[1:]}": api_cased(item) for name, item in value.items()}
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return [api_cased(item) for item in value]
