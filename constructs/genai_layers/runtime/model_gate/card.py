"""The model card that goes into the registry with the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .standards import Evaluation

_LONGEST = 2_000


def card(facts: Mapping[str, str], run: Mapping[str, Any], evaluation: Evaluation, artifact_uri: str) -> str:
    """
    Return the card as JSON text, in the schema of cards of model packages.

    Args:
        facts: What people wrote: `creator`, `purpose`, `uses`, `limits`, `risk`, `risk_reason`.
        run: Lineage: `run`, `data_sha256`, `base_model`, `base_model_sha256`, `method`, `training_job`, `report_uri`.
        evaluation: What was measured.
        artifact_uri: Where the model lies.
    """
    # SageMaker developer guide, "Model package model card schema", read 2026-11: the overview of a package's card has
    # creator and artifact only, and there are no package details.
    content = {
        "model_overview": {"model_creator": facts["creator"], "model_artifact": [artifact_uri]},
        "intended_uses": {
            "purpose_of_model": facts["purpose"],
            "intended_uses": facts["uses"],
            "factors_affecting_model_efficiency": facts["limits"],
            "risk_rating": facts["risk"],
            "explanations_for_risk_rating": facts["risk_reason"],
        },
        "training_details": {
            "training_observations": f"fine-tuned from {run['base_model']} by {run['method']}"[:_LONGEST],
        },
        "evaluation_details": [
            {
                "name": f"{which} model on {evaluation.records} held-out records",
                "metric_groups": [
                    {
                        "name": "held-out set",
                        "metric_data": [
                            {"name": name, "type": "number", "value": value} for name, value in sorted(values.items())
                        ],
                    }
                ],
            }
            for which, values in (("tuned", evaluation.tuned), ("base", evaluation.base))
        ],
        "additional_information": {
            "caveats_and_recommendations": facts["limits"],
            "custom_details": {name: str(value)[:_LONGEST] for name, value in sorted(run.items())},
        },
    }
    return json.dumps(content, separators=(",", ":"))
