"""
Prices of what stands beside trainings while none runs; a job itself is paid by the second and stands in no template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genai_layers.cost.items import Item, Pricer, Unknown
from genai_layers.cost.resource import Resource


def _tracking_server(server: Resource) -> Iterable[Item]:
    size = server.at("TrackingServerSize") or "Small"
    reason = "it is paid by the hour until somebody stops it; the catalog has no price line for it"
    return (Unknown(what=f"MLflow tracking server, {size}", reason=reason),)


def _tracking_application(_: Resource) -> Iterable[Item]:
    reason = "the catalog has no price line for it; look at the SageMaker price list"
    return (Unknown(what="MLflow application", reason=reason),)


LINES: Mapping[str, Pricer] = {
    "AWS::SageMaker::MlflowApp": _tracking_application,
    "AWS::SageMaker::MlflowTrackingServer": _tracking_server,
}
