"""
Saved queries of CloudWatch Logs Insights can be stored, listed and deleted.

MiniStack 1.5.33 runs queries and keeps none, and moto neither. They are kept as they are sent; none is run.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import cloudwatch_logs

_queries: Any = cloudwatch_logs.AccountRegionScopedDict()


def apply() -> None:
    """Answer the three operations beside MiniStack's own."""
    theirs = cloudwatch_logs.handle_request
    ours = {"PutQueryDefinition": _put, "DescribeQueryDefinitions": _describe, "DeleteQueryDefinition": _delete}

    async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        operation = ours.get(headers.get("x-amz-target", "").split(".")[-1])
        if operation is None:
            return await theirs(method, path, headers, body, query)
        return operation(json.loads(body or b"{}"))

    cloudwatch_logs.handle_request = handle


def _put(asked: dict[str, Any]) -> Any:
    name = asked.get("queryDefinitionId") or str(uuid.uuid4())
    if "queryDefinitionId" in asked and name not in _queries:
        return _unknown()
    kept: dict[str, Any] = {"queryDefinitionId": name}
    kept |= {member: asked[member] for member in ("name", "queryString", "logGroupNames") if member in asked}
    _queries[name] = kept
    return json_response({"queryDefinitionId": name})


def _describe(asked: dict[str, Any]) -> Any:
    prefix = asked.get("queryDefinitionNamePrefix", "")
    return json_response({"queryDefinitions": [one for one in _queries.values() if one["name"].startswith(prefix)]})


def _delete(asked: dict[str, Any]) -> Any:
    if asked["queryDefinitionId"] not in _queries:
        return _unknown()
    del _queries[asked["queryDefinitionId"]]
    return json_response({"success": True})


def _unknown() -> Any:
    return error_response_json("ResourceNotFoundException", "The query definition does not exist.", 400)
