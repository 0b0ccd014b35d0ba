"""
Customized models on demand.

MiniStack 1.5.33 has no deployments of customized models. Here one is being created at its first look, and active or
failed from then on; a model whose ARN has no twelve characters at its end, as Bedrock gives them, cannot be deployed.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import unquote

from ministack.services import bedrock

_PATH = "/model-customization/custom-model-deployments"
_MODEL = re.compile(r"arn:[^:]+:bedrock:[^:]+:\d{12}:custom-model/.+/[a-z0-9]{12}")

_deployments: Any = bedrock.AccountRegionScopedDict()


def apply() -> None:
    """Answer what is asked of deployments before MiniStack says that there is no such thing."""
    theirs = bedrock.handle_request

    async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        if path == _PATH and method == "POST":
            return _create(json.loads(body))
        if path.startswith(f"{_PATH}/") and method == "GET":
            return _get(unquote(path.removeprefix(f"{_PATH}/")))
        return await theirs(method, path, headers, body, query)

    bedrock.handle_request = handle


def _create(asked: dict[str, Any]) -> Any:
    name, model = asked["modelDeploymentName"], asked["modelArn"]
    arn = bedrock._arn("custom-model-deployment", hashlib.sha256(name.encode()).hexdigest()[:12])
    _deployments[arn] = {
        "CustomModelDeploymentArn": arn,
        "ModelDeploymentName": name,
        "ModelArn": model,
        "CreatedAt": bedrock._now_iso(),
        "Status": "Creating",
    }
    return bedrock._json({"CustomModelDeploymentArn": arn}, status=202)


def _get(identifier: str) -> Any:
    for one in _deployments.values():
        if identifier in (one["CustomModelDeploymentArn"], one["ModelDeploymentName"]):
            told = dict(one)
            one["Status"] = "Active" if _MODEL.fullmatch(one["ModelArn"]) else "Failed"
            return bedrock._json(told)
    return bedrock._not_found(f"Custom model deployment {identifier} not found.")
