"""
Which models an account may not use yet, and where to ask.

Calls Bedrock only, all read-only: GetFoundationModelAvailability and GetUseCaseForModelAccess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from genai_layers.catalog import bedrock
from genai_layers.preflight.deployable import Blocker
from genai_layers.settings import Settings

_FORM_WANTED = "anthropic."
"""Beginning of the ids whose provider wants a form, once an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStanding:
    """
    How an account stands with one model.

    Attributes:
        model: Id of the model, without a geography.
        region: Where it was asked.
        blockers: What keeps the account from using it; empty when nothing does.
    """

    model: str
    region: str
    blockers: tuple[Blocker, ...]

    @property
    def is_granted(self) -> bool:
        """Whether the account may use it."""
        return not self.blockers


def models_of(settings: Settings) -> tuple[str, ...]:
    """
    Return the foundation models that an environment uses, without geographies, each once.

    Args:
        settings: The environment.
    """
    named = (settings.platform.model, settings.platform.embedding_model)
    return tuple(dict.fromkeys(foundation_model(name) for name in named if not name.startswith("arn:")))


def foundation_model(name: str) -> str:
    """
    Return the id of the model behind an id of a model or an inference profile.

    Args:
        name: The id.

    Example:
        >>> foundation_model("eu.amazon.nova-lite-v1:0")
        'amazon.nova-lite-v1:0'
    """
    geography, _, rest = name.partition(".")
    return rest if geography in bedrock.profiles else name


def standings(models: Sequence[str], region: str, session: boto3.Session) -> list[ModelStanding]:
    """
    Return how the account of *session* stands with each of *models*.

    Args:
        models: Ids of models, without geographies.
        region: Region to ask in.
        session: Credentials; its own region is not used.
    """
    client = session.client("bedrock", region_name=region)
    form = [*_form(client)] if any(model.startswith(_FORM_WANTED) for model in models) else []
    return [
        ModelStanding(
            model=model,
            region=region,
            blockers=(*_blockers(client, model, region), *(form if model.startswith(_FORM_WANTED) else ())),
        )
        for model in models
    ]


def _blockers(client: Any, model: str, region: str) -> Iterator[Blocker]:
    try:
        told = client.get_foundation_model_availability(modelId=model)
    except (BotoCoreError, ClientError) as fault:
        yield _unanswered(fault, model, region)
        return
    if told["regionAvailability"] != "AVAILABLE":
        yield Blocker(
            f"{model} is not offered in {region}",
            "choose a region that its model card in the Bedrock user guide names, or an inference profile",
        )
        return
    if told["authorizationStatus"] != "AUTHORIZED":
        yield Blocker(
            f"the account is not authorized for {model}",
            "ask whoever administers the organization: a service control policy or the account's plan forbids it",
        )
    yield from _agreement(told["agreementAvailability"], model, region)
    if told["entitlementAvailability"] != "AVAILABLE" and told["agreementAvailability"]["status"] == "AVAILABLE":
        yield Blocker(
            f"{model} is agreed to, and still not entitled in {region}",
            "wait some minutes; if it stays so, ask AWS Support with the request id of the agreement from CloudTrail",
        )


def _agreement(agreement: Mapping[str, str], model: str, region: str) -> Iterator[Blocker]:
    match agreement["status"]:
        case "AVAILABLE":
            return
        case "PENDING":
            yield Blocker(f"the agreement for {model} is being made", "wait some minutes and ask again")
        case "ERROR":
            yield Blocker(
                f"the agreement for {model} failed ({agreement.get('errorMessage', 'no reason is given')})",
                "check the payment method of the account under Billing, then start the ModelAccess job again",
            )
        case _:
            yield Blocker(
                f"nobody has agreed to the terms of {model} in this account",
                'start the ModelAccess job with {} to read the offer and with {"accept": true} to accept it, or '
                f"accept it in the console under Bedrock, Model catalog, in {region}",
            )


def _form(client: Any) -> Iterator[Blocker]:
    try:
        client.get_use_case_for_model_access()
    except ClientError as fault:
        if fault.response["Error"]["Code"] == "ResourceNotFoundException":
            yield Blocker(
                "the account has not told Anthropic its use case",
                "give the ModelAccess job a UseCase, or fill the form in the console under Bedrock, Model catalog",
            )
            return
        yield Blocker(f"the use case cannot be read ({fault})", "allow bedrock:GetUseCaseForModelAccess")
    except BotoCoreError as fault:
        yield Blocker(f"Bedrock does not answer ({fault})", "check credentials and network")


def _unanswered(fault: Exception, model: str, region: str) -> Blocker:
    code = fault.response["Error"]["Code"] if isinstance(fault, ClientError) else ""
    if code in ("ResourceNotFoundException", "ValidationException"):
        return Blocker(f"{region} knows no model {model}", "check the id against `aws bedrock list-foundation-models`")
    if code == "AccessDeniedException":
        return Blocker(f"whether {model} is granted cannot be read", "allow bedrock:GetFoundationModelAvailability")
    return Blocker(f"Bedrock does not answer for {model} ({fault})", "check credentials and network")
