"""How a version is asked; the one file here that talks to Bedrock."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Ask = Callable[[Any], str]
"""Asks once, and returns the answer as text."""


class CandidateMovedError(RuntimeError):
    """The alias went to another version while it was asked: the answers are of two, and nothing follows from them."""


def ask_prompt(bedrock: Any, candidate: Mapping[str, Any]) -> Ask:
    """
    Return what asks a version of a prompt, with the guardrail that callers name.

    Args:
        bedrock: Client of `bedrock-runtime`.
        candidate: `version_arn`, `guardrail_id` and `guardrail_version`.
    """

    def ask(variables: Any) -> str:
        if not isinstance(variables, dict):
            raise ValueError(f"input is {variables!r}: give the variables of the prompt, by name")
        answer = bedrock.converse(
            modelId=candidate["version_arn"],
            promptVariables={name: {"text": str(value)} for name, value in variables.items()},
            guardrailConfig={
                "guardrailIdentifier": candidate["guardrail_id"],
                "guardrailVersion": candidate["guardrail_version"],
            },
        )
        return "".join(part.get("text", "") for part in answer["output"]["message"]["content"])

    return ask


def ask_flow(runtime: Any, candidate: Mapping[str, Any]) -> Ask:
    """
    Return what asks a flow through the alias of its newest version.

    Args:
        runtime: Client of `bedrock-agent-runtime`.
        candidate: `flow_id`, `alias_id` and `input_node`.
    """

    def ask(document: Any) -> str:
        told = runtime.invoke_flow(
            flowIdentifier=candidate["flow_id"],
            flowAliasIdentifier=candidate["alias_id"],
            inputs=[
                {
                    "nodeName": candidate["input_node"],
                    "nodeOutputName": "document",
                    "content": {"document": document},
                }
            ],
        )
        answers, ended = [], ""
        for event in told["responseStream"]:
            if "flowOutputEvent" in event:
                answer = event["flowOutputEvent"]["content"]["document"]
                answers.append(answer if isinstance(answer, str) else json.dumps(answer, sort_keys=True))
            ended = event.get("flowCompletionEvent", {}).get("completionReason", ended)
        if ended != "SUCCESS":
            raise ValueError(f"the flow ended with {ended or 'no word'}")
        return "\n".join(answers)

    return ask


def require_version(flows: Any, candidate: Mapping[str, Any]) -> None:
    """
    Refuse an alias that is not on the version that is to be promoted.

    Args:
        flows: Client of `bedrock-agent`.
        candidate: `flow_id`, `alias_id` and `version`.

    Raises:
        CandidateMovedError: It is on another one.
    """
    alias = flows.get_flow_alias(flowIdentifier=candidate["flow_id"], aliasIdentifier=candidate["alias_id"])
    found = [each.get("flowVersion") for each in alias["routingConfiguration"]]
    if found != [candidate["version"]]:
        raise CandidateMovedError(
            f"the alias is on version {', '.join(map(str, found))}, and {candidate['version']} is to be promoted: "
            "start again once the deploy has ended"
        )
