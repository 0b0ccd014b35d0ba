"""
Deleting one version of a prompt must leave the prompt and its other versions.

MiniStack 1.5.33 ignores `promptVersion` and deletes the whole prompt, as it does with guardrails.
"""

from __future__ import annotations

from typing import Any

from ministack.services import bedrock_agent


def apply() -> None:
    """Replace MiniStack's delete by one that reads the version."""
    whole = bedrock_agent._delete_prompt

    def delete(prompt_id: str, query: dict[str, list[str]]) -> Any:
        version = (query.get("promptVersion") or [""])[0]
        if not version:
            return whole(prompt_id, query)
        versions: Any = bedrock_agent._prompt_versions
        if versions.pop(f"{prompt_id}/{version}", None) is None:
            return bedrock_agent._not_found(f"Prompt {prompt_id} version {version} not found.")
        return bedrock_agent._json({"Id": prompt_id, "Version": version})

    bedrock_agent._delete_prompt = delete
