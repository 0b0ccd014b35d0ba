"""The list of rules: `GenAiChecks`."""

from genai_layers.compliance.rule import Rule
from genai_layers.compliance.rules import (
    agentcore_name,
    agentcore_network,
    api_throttled,
    data_source_key,
    data_source_retained,
    endpoint_key,
    endpoint_memory,
    endpoint_variant,
    guardrail_filters_unique,
    guardrail_key,
    guardrail_prompt_attack,
    guardrail_thresholds,
    guardrail_version,
    instance_metadata_hops,
    instance_metadata_token,
    instance_nitro,
    key_anyone,
    knowledge_base_store,
    log_group_key,
    log_group_retention,
    model_guardrail,
    policy_admin,
    policy_escalation,
    role_anyone,
    role_mfa,
    role_mfa_age,
    role_service,
    sagemaker_async_key,
    sagemaker_capture_key,
    sagemaker_endpoint_instances,
    sagemaker_model_isolated,
    sagemaker_model_network,
    sagemaker_rollback,
    sagemaker_shell,
    sagemaker_unnamed,
    user_pool_mfa,
    user_pool_sign_up,
    vector_bucket_key,
    vector_index_metadata,
    vector_names,
)

NAME = "GenAi Checks"
"""Name of the pack, as the validation report shows it."""

VERSION = "1.0.0"
"""Version of the pack; a new rule is a minor version, a stricter one a major one."""

_RULES: tuple[Rule, ...] = (
    agentcore_name.RULE,
    agentcore_network.RULE,
    api_throttled.RULE,
    guardrail_key.RULE,
    guardrail_prompt_attack.RULE,
    guardrail_version.RULE,
    data_source_key.RULE,
    data_source_retained.RULE,
    guardrail_filters_unique.RULE,
    guardrail_thresholds.RULE,
    knowledge_base_store.RULE,
    model_guardrail.RULE,
    user_pool_mfa.RULE,
    user_pool_sign_up.RULE,
    instance_nitro.RULE,
    instance_metadata_token.RULE,
    instance_metadata_hops.RULE,
    role_mfa.RULE,
    role_mfa_age.RULE,
    policy_admin.RULE,
    role_service.RULE,
    role_anyone.RULE,
    policy_escalation.RULE,
    key_anyone.RULE,
    log_group_retention.RULE,
    log_group_key.RULE,
    vector_bucket_key.RULE,
    vector_index_metadata.RULE,
    vector_names.RULE,
    endpoint_key.RULE,
    endpoint_variant.RULE,
    endpoint_memory.RULE,
    sagemaker_model_isolated.RULE,
    sagemaker_endpoint_instances.RULE,
    sagemaker_model_network.RULE,
    sagemaker_capture_key.RULE,
    sagemaker_async_key.RULE,
    sagemaker_unnamed.RULE,
    sagemaker_rollback.RULE,
    sagemaker_shell.RULE,
)


def genai_checks() -> tuple[Rule, ...]:
    """Return every rule of the pack, ordered by area and number."""
    return _RULES
