"""
Finds the ways to tokens that templates hold: the Bedrock models that their policies name, their guardrails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genai_layers.catalog import bedrock
from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.catalog.errors import CatalogError
from genai_layers.cost.lines.models import GUARDRAIL_LINES
from genai_layers.cost.resource import Template

_NAMED = re.compile(r"(?:foundation-model|inference-profile)/([A-Za-z0-9][A-Za-z0-9.:_-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """
    What templates name.

    Attributes:
        models: Bedrock models and profiles, in order of id; a profile stands for the model it serves.
        unknown: Ids that the catalog lacks.
        guardrails: Price lines of each guardrail's policies, by stack and logical id.
    """

    models: tuple[BedrockModel, ...]
    unknown: tuple[str, ...]
    guardrails: Mapping[str, tuple[str, ...]]


def token_paths(templates: Mapping[str, Mapping[str, Any]], region: str) -> Paths:
    """
    The Bedrock models and guardrails of *templates*.

    Args:
        templates: CloudFormation templates, parsed, by the name of their stack.
        region: Region to price the models for.

    Raises:
        CostError: A template is not one.
    """
    named: set[str] = set()
    guardrails: dict[str, tuple[str, ...]] = {}
    for stack, body in templates.items():
        for resource in Template(stack=stack, body=body):
            named.update(_NAMED.findall(json.dumps(resource.properties)))
            if resource.type == "AWS::Bedrock::Guardrail":
                lines = tuple(line for section, line in GUARDRAIL_LINES.items() if resource.properties.get(section))
                guardrails[f"{stack}/{resource.logical_id}"] = lines
    models: list[BedrockModel] = []
    unknown: list[str] = []
    for model_id in sorted(named):
        try:
            models.append(bedrock.get(model_id, region))
        except CatalogError:
            unknown.append(model_id)
    served = {model.foundation_model_id for model in models if model.is_profile}
    kept = tuple(model for model in models if model.is_profile or model.id not in served)
    return Paths(models=kept, unknown=tuple(unknown), guardrails=guardrails)
