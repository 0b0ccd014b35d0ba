"""Puts the named models of a deployment behind one router; each client is made when the first question needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .aws import Bedrock
from .judge import Judge
from .model import Completion
from .named_models import Kind, NamedModel
from .ports import Answers, Tell
from .router import Router
from .self_hosted import SelfHosted
from .settings import ChatSettings


def router(settings: ChatSettings, bedrock: Bedrock) -> Router:
    """
    Return the models of *settings*.

    Args:
        settings: Settings of the function.
        bedrock: The one adapter to Amazon Bedrock; the guardrail is asked over its client too.
    """
    judge = Judge(settings, bedrock.runtime)
    return Router([(one, _asker(one, bedrock, judge)) for one in settings.models], settings.model_choice)


def _asker(model: NamedModel, bedrock: Bedrock, judge: Judge) -> Answers:
    if model.kind is Kind.BEDROCK:
        return OnBedrock(bedrock, model.target)
    if model.kind is Kind.SAGEMAKER:
        from .sagemaker import SageMakerEndpoint

        return SelfHosted(
            SageMakerEndpoint(model.target, component=model.component), judge, served_name=model.served_name
        )
    # TLS and HTTP are a tenth of a second to import.
    from .fleet import Fleet

    return SelfHosted(Fleet(model.target, model.secret or ""), judge, served_name=model.served_name)


@dataclass(frozen=True, slots=True)
class OnBedrock:
    """
    A model of Amazon Bedrock, under the guardrail that the request names.

    Attributes:
        bedrock: The adapter.
        model_id: What a request names.
    """

    bedrock: Bedrock
    model_id: str

    def converse(
        self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Tell | None = None
    ) -> Completion:
        """Return what the model makes of *request*; a second try is the router's to make."""
        return self.bedrock.converse_once({**request, "modelId": self.model_id}, seconds_left, tell)
