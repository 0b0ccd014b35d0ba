"""
Deleting one version of a guardrail must leave the guardrail and its other versions.

MiniStack 1.5.33 ignores `guardrailVersion` and deletes the whole guardrail, so the first stack update that
publishes a new version would take away the guardrail that the application uses.
"""

from __future__ import annotations

from typing import Any

from ministack.services import bedrock


def apply() -> None:
    """Replace MiniStack's delete by one that reads the version."""
    whole = bedrock._delete_guardrail

    def delete(identifier: str, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        version = (query.get("guardrailVersion") or [""])[0]
        if not version or version == "DRAFT":
            answer: tuple[int, dict[str, str], bytes] = whole(identifier, query)
            return answer
        guardrail_id = identifier.rsplit("/", 1)[-1]
        versions: Any = bedrock._guardrail_versions
        if versions.pop(f"{guardrail_id}/{version}", None) is None:
            refusal: tuple[int, dict[str, str], bytes] = bedrock._not_found(
                f"Guardrail {identifier} version {version} not found."
            )
            return refusal
        return 202, {"Content-Type": "application/json"}, b"{}"

    bedrock._delete_guardrail = delete
