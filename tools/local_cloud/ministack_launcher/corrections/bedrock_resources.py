"""
What a request to Bedrock's control plane is authorized against.

MiniStack 1.5.33 asks for every such action on `*`, which a policy that names models, jobs or aliases refuses. Here it
is the resource that the path names, by its ARN or by its id, and what is about to be made where there is none yet.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.core import iam_actions

from tools.local_cloud.layout import ACCOUNT, REGION

# Service authorization reference for Amazon Bedrock, read 2026-11-25: kinds of resources by the paths of the API.
_KINDS = {
    "evaluation-jobs": "evaluation-job",
    "imported-models": "imported-model",
    "model-customization-jobs": "model-customization-job",
    "model-import-jobs": "model-import-job",
    "model-invocation-job": "model-invocation-job",
    "model-customization/custom-model-deployments": "custom-model-deployment",
}
_NAMED = re.compile(rf"^/(?P<path>{'|'.join(_KINDS)})/(?P<id>.+?)(?:/stop)?$")
_FLOW_ALIAS = re.compile(r"^/flows/(?P<flow>[^/]+)/aliases/(?P<alias>[^/]+)$")
# What makes one is authorized against it, although it has no id; starting an import is authorized against nothing.
_MADE = {
    "/evaluation-jobs": "evaluation-job/made",
    "/model-customization-jobs": "custom-model/made",
    "/model-customization/custom-model-deployments": "custom-model/made",
    "/model-invocation-job": "model-invocation-job/made",
}


def apply() -> None:
    """Name the resource where the path does."""
    if not app.AUTH:
        return
    theirs = iam_actions.extract_resource_arn

    def resource(service: str, method: str, path: str, *rest: Any) -> Any:
        return (named(path) if service.startswith("bedrock") else None) or theirs(service, method, path, *rest)

    iam_actions.extract_resource_arn = resource


def named(path: str) -> str | None:
    """
    The ARN of what a path names; None when it names nothing that is known here.

    Args:
        path: Path of the request.
    """
    text = unquote(path)
    if alias := _FLOW_ALIAS.match(text):
        return _own(f"flow/{alias['flow']}/alias/{alias['alias']}")
    if text in _MADE:
        return _own(_MADE[text])
    found = _NAMED.match(text)
    if found is None:
        return None
    return found["id"] if found["id"].startswith("arn:") else _own(f"{_KINDS[found['path']]}/{found['id']}")


def _own(resource: str) -> str:
    return f"arn:aws:bedrock:{REGION}:{ACCOUNT}:{resource}"
