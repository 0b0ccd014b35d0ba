"""Layer 2: Amazon Bedrock under typed Python."""

from genai_layers.platform.errors import GuardrailError, KnowledgeBaseError, LoggingError, ModelError, PlatformError
from genai_layers.platform.guardrail import Guardrail
from genai_layers.platform.guardrail_information import (
    AutomatedReasoning,
    ContextualGrounding,
    PersonalData,
    SensitiveInformation,
    SensitivePattern,
)
from genai_layers.platform.guardrail_policies import (
    ContentFilter,
    ContentPolicy,
    DeniedTopic,
    TopicPolicy,
    WordPolicy,
)
from genai_layers.platform.guardrail_settings import BlockedMessages, GuardrailPolicies, GuardrailProfile, Off
from genai_layers.platform.guardrail_values import Action, Harm, Modality, PersonalDataType, Strength, Tier
from genai_layers.platform.interfaces import IGuardrail, IKnowledgeBase, IModel

__all__ = [
    "Action",
    "AutomatedReasoning",
    "BlockedMessages",
    "ContentFilter",
    "ContentPolicy",
    "ContextualGrounding",
    "DeniedTopic",
    "Guardrail",
    "GuardrailError",
    "GuardrailPolicies",
    "GuardrailProfile",
    "Harm",
    "IGuardrail",
    "IKnowledgeBase",
    "IModel",
    "KnowledgeBaseError",
    "LoggingError",
    "Modality",
    "ModelError",
    "Off",
    "PersonalData",
    "PersonalDataType",
    "PlatformError",
    "SensitiveInformation",
    "SensitivePattern",
    "Strength",
    "Tier",
    "TopicPolicy",
    "WordPolicy",
]
