"""A check by the clock: what runs in SageMaker although nobody uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..shared import clients, log
from ..shared.env import Environment
from . import inventory, report
from .copies import Copies
from .idle import (
    component_meters,
    endpoint_meters,
    idle_components,
    idle_endpoints,
    idle_notebooks,
    priced_endpoint,
    priced_notebook,
)
from .settings import Settings
from .things import Component, Idle, Kind
from .usage import Window, moved, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """
    Clients of what is asked and told.

    Attributes:
        sagemaker: SageMaker.
        cloudwatch: CloudWatch.
        cloudtrail: CloudTrail.
        autoscaling: Application Auto Scaling.
        sns: SNS.
    """

    sagemaker: Any
    cloudwatch: Any
    cloudtrail: Any
    autoscaling: Any
    sns: Any

    @classmethod
    def real(cls) -> Clients:
        """Return those of this account and region."""
        return cls(
            sagemaker=clients.client("sagemaker"),
            cloudwatch=clients.client("cloudwatch"),
            cloudtrail=clients.client("cloudtrail"),
            autoscaling=clients.client("application-autoscaling"),
            sns=clients.client("sns"),
        )


def handler(_event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Look once, and tell what was found."""
    return check(Settings.read(Environment()), Clients.real(), datetime.now(UTC))


def check(settings: Settings, clients: Clients, now: datetime) -> dict[str, Any]:
    """
    Find what is idle, scale in what may be where that was asked for, and tell the topic if there is anything.

    Args:
        settings: Settings of the function.
        clients: Clients of AWS.
        now: End of the window.

    Raises:
        UsageUnknownError: CloudWatch did not say how often something was used.
    """
    window = Window(start=now - timedelta(days=settings.days), end=now)
    found = _found(settings, clients, window)
    report.measure(settings.name, found)
    usd = round(report.total_usd(found), 2)
    log.event("idle_checked", items=len(found), usd=usd)
    if found:
        clients.sns.publish(
            TopicArn=settings.topic, Subject=report.subject(found), Message=report.message(found, settings.days)
        )
    return {"idle": [each.name for each in found], "usd_per_month": usd}


def _found(settings: Settings, clients: Clients, window: Window) -> list[Idle]:
    endpoints = inventory.endpoints(clients.sagemaker)
    components = inventory.components(clients.sagemaker) if settings.has_components else []
    notebooks = inventory.notebooks(clients.sagemaker)
    meters = [meter for each in endpoints for meter in endpoint_meters(each)]
    meters += [meter for each in components for meter in component_meters(each)]
    in_use = moved(clients.cloudwatch, meters, window)
    seen = opened(clients.cloudtrail, window) if notebooks else frozenset()
    copies = Copies(clients.sagemaker, clients.autoscaling)
    return [
        *(
            priced_endpoint(each, settings.usd_per_hour)
            for each in idle_endpoints(endpoints, components, in_use, window)
        ),
        *(
            _component(each, copies, is_asked=settings.scales_in)
            for each in idle_components(components, in_use, window)
        ),
        *(priced_notebook(each, settings.notebook_usd_per_hour) for each in idle_notebooks(notebooks, seen, window)),
    ]


def _component(component: Component, copies: Copies, *, is_asked: bool) -> Idle:
    outlook = copies.outlook(component.name)
    if not outlook.is_free:
        text = f"stays: {outlook.why}"
    elif is_asked:
        text = copies.end(component.name)
    else:
        text = "could be scaled to zero, this is a dry run"
    noun = "copy" if component.copies == 1 else "copies"
    return Idle(
        kind=Kind.COMPONENT,
        name=component.name,
        what=f"{component.copies} {noun}, paid through endpoint {component.endpoint}",
        is_paid_elsewhere=True,
        outlook=text,
    )
