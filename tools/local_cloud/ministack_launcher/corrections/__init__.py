"""Where MiniStack answers otherwise than AWS and a stack or the journey would notice: one file a service."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.corrections import (
    agent_versions,
    bedrock_jobs,
    bedrock_resources,
    converse,
    guardrails,
    ingestion,
    model_access,
    model_deployments,
    prompt_versions,
    public_parameters,
    risk_configuration,
    saved_queries,
    second_factor,
    step_functions,
    streamed_functions,
    token_keys,
    token_triggers,
)


def apply() -> None:
    """Put every correction in place."""
    agent_versions.apply()
    bedrock_jobs.apply()
    bedrock_resources.apply()
    converse.apply()
    guardrails.apply()
    ingestion.apply()
    model_access.apply()
    model_deployments.apply()
    prompt_versions.apply()
    public_parameters.apply()
    risk_configuration.apply()
    saved_queries.apply()
    second_factor.apply()
    step_functions.apply()
    streamed_functions.apply()
    token_keys.apply()
    token_triggers.apply()


__all__ = ["apply"]
