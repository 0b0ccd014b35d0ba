"""
Versions of Bedrock agents, as Bedrock makes them.

MiniStack 1.5.33 never makes one: an alias stands on what its routing says, and on nothing where that is left out.
On AWS an alias without a routing gets a new version of the agent, as it was last prepared, when it is made and
whenever it is changed. Here it does too, so that a stack shows whether its alias moves.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from ministack.services import bedrock_agent


def apply() -> None:
    """Let aliases make versions, and keep the agent as it was last prepared."""
    create, update = bedrock_agent._create_agent_alias, bedrock_agent._update_agent_alias
    prepare = bedrock_agent._prepare_agent

    def created(agent_id: str, body: Any) -> Any:
        answer = create(agent_id, body)
        return _moved(answer, agent_id, body)

    def updated(agent_id: str, alias_id: str, body: Any) -> Any:
        answer = update(agent_id, alias_id, body)
        return _moved(answer, agent_id, body)

    def prepared(agent_id: str) -> Any:
        answer = prepare(agent_id)
        if agent_id in bedrock_agent._agents:
            _prepared[agent_id] = copy.deepcopy(dict(bedrock_agent._agents[agent_id]))
        return answer

    bedrock_agent._create_agent_alias = created
    bedrock_agent._update_agent_alias = updated
    bedrock_agent._prepare_agent = prepared


_prepared: dict[str, dict[str, Any]] = {}


def _moved(answer: tuple[int, Any, bytes], agent_id: str, body: Any) -> Any:
    status, headers, text = answer
    asked, _ = bedrock_agent._parse_body(body)
    if status >= 400 or (asked or {}).get("routingConfiguration") or agent_id not in _prepared:
        return answer
    said = json.loads(text)
    alias = bedrock_agent._agent_aliases[f"{agent_id}/{said['agentAlias']['agentAliasId']}"]
    alias["RoutingConfiguration"] = [{"agentVersion": _version(agent_id)}]
    said["agentAlias"]["routingConfiguration"] = alias["RoutingConfiguration"]
    return status, headers, json.dumps(said).encode()


def _version(agent_id: str) -> str:
    stem = f"{agent_id}/"
    made = [int(key.removeprefix(stem)) for key in bedrock_agent._agent_versions if key.startswith(stem)]
    number = str(max(made, default=0) + 1)
    bedrock_agent._agent_versions[f"{stem}{number}"] = {
        **copy.deepcopy(_prepared[agent_id]),
        "AgentStatus": "PREPARED",
        "Version": number,
    }
    return number
