"""
Who may call a model, as Bedrock asks it.

MiniStack 1.5.33 checks `bedrock:Converse`, an action that does not exist, on a foundation model even where an
inference profile is called. Bedrock checks `bedrock:InvokeModel` on the profile and on the model behind it, tells
the policy which guardrail the request names, and checks `bedrock:ApplyGuardrail` on that guardrail.
Of the regions that a profile may route to, only the caller's own is checked here.
"""

from __future__ import annotations

import contextvars
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.core import iam_actions, iam_evaluator

from tools.local_cloud.layout import ACCOUNT, REGION

_CALL = re.compile(r"^/model/(?P<model>.+?)/(?P<how>converse|converse-stream|invoke|invoke-with-response-stream)$")
_ACTIONS = {
    "converse": "bedrock:InvokeModel",
    "converse-stream": "bedrock:InvokeModelWithResponseStream",
    "invoke": "bedrock:InvokeModel",
    "invoke-with-response-stream": "bedrock:InvokeModelWithResponseStream",
}
_PROFILE_PREFIX = re.compile(r"^(?:apac|au|ca|eu|global|jp|us|us-gov)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """
    What one request asks of Bedrock.

    Attributes:
        action: The IAM action.
        resources: ARNs that the caller needs it on; the profile first where one is called.
        guardrail: ARN of the guardrail that the request names; empty when it names none.
        guardrail_version: Version of it.
    """

    action: str
    resources: tuple[str, ...]
    guardrail: str
    guardrail_version: str

    def context(self, resource: str) -> dict[str, str]:
        """Condition keys of the check on *resource*."""
        keys = {}
        if self.guardrail:
            version = "" if self.guardrail_version == "DRAFT" else f":{self.guardrail_version}"
            keys["bedrock:GuardrailIdentifier"] = f"{self.guardrail}{version}"
        if resource != self.resources[0]:
            keys["bedrock:InferenceProfileArn"] = self.resources[0]
        return keys


_asked: contextvars.ContextVar[ModelCall | None] = contextvars.ContextVar("model call being authorized", default=None)


def apply() -> None:
    """Replace the three places where MiniStack decides what a model call needs."""
    if not app.AUTH:
        return
    their_action = iam_actions.extract_iam_action
    their_resource = iam_actions.extract_resource_arn
    their_enforce = iam_evaluator.enforce

    def action(service: str, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        asked = read(path, body)
        _asked.set(asked)
        return asked.action if asked else their_action(service, method, path, headers, body, query)

    def resource(service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *rest: Any) -> Any:
        asked = read(path, body)
        return asked.resources[0] if asked else their_resource(service, method, path, headers, body, query, *rest)

    def enforce(access_key: str, wanted: str, service: str, region: str, **more: Any) -> Any:
        asked = _asked.get()
        if asked is None or wanted != asked.action:
            return their_enforce(access_key, wanted, service, region, **more)
        for needed in asked.resources:
            about = {"resource_arn": needed, "service_context": asked.context(needed)}
            if denied := their_enforce(access_key, wanted, service, region, **about):
                return denied
        if not asked.guardrail:
            return None
        return their_enforce(access_key, "bedrock:ApplyGuardrail", service, region, resource_arn=asked.guardrail)

    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = resource
    iam_evaluator.enforce = enforce


def read(path: str, body: bytes) -> ModelCall | None:
    """What a request to *path* asks of Bedrock; None when it calls no model."""
    call = _CALL.match(unquote(path))
    if call is None:
        return None
    wanted = _guardrail_of(body)
    identifier = str(wanted.get("guardrailIdentifier", ""))
    named = identifier if identifier.startswith("arn:") or not identifier else _own("guardrail", identifier)
    return ModelCall(
        action=_ACTIONS[call["how"]],
        resources=_resources(call["model"]),
        guardrail=named,
        guardrail_version=str(wanted.get("guardrailVersion", "DRAFT")),
    )


def _resources(model: str) -> tuple[str, ...]:
    identifier = model.rsplit("/", 1)[-1]
    foundation = f"arn:aws:bedrock:{REGION}::foundation-model/{_PROFILE_PREFIX.sub('', identifier)}"
    if not _PROFILE_PREFIX.match(identifier):
        return (model,) if model.startswith("arn:") else (foundation,)
    return (model if model.startswith("arn:") else _own("inference-profile", identifier), foundation)


def _own(kind: str, identifier: str) -> str:
    return f"arn:aws:bedrock:{REGION}:{ACCOUNT}:{kind}/{identifier}"


def _guardrail_of(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    wanted = document.get("guardrailConfig") if isinstance(document, dict) else None
    return wanted if isinstance(wanted, dict) else {}
