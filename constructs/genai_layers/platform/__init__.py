"""Layer 2: Amazon Bedrock under typed Python."""

from genai_layers.platform.chunking import Chunking
from genai_layers.platform.data_source import DataSource
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.errors import GuardrailError, KnowledgeBaseError, LoggingError, ModelError, PlatformError
from genai_layers.platform.foundation_model import FoundationModel
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
from genai_layers.platform.inference_profile import InferenceProfile
from genai_layers.platform.interfaces import IGuardrail, IKnowledgeBase, IModel
from genai_layers.platform.knowledge_base import KnowledgeBase
from genai_layers.platform.s3_vectors_store import Distance, S3VectorsStore
from genai_layers.platform.sources import BucketSource

__all__ = [
    "Action",
    "AutomatedReasoning",
    "BlockedMessages",
    "BucketSource",
    "Chunking",
    "ContentFilter",
    "ContentPolicy",
    "ContextualGrounding",
    "DataSource",
    "DeniedTopic",
    "Distance",
    "EmbeddingModel",
    "FoundationModel",
    "Guardrail",
    "GuardrailError",
    "GuardrailPolicies",
    "GuardrailProfile",
    "Harm",
    "IGuardrail",
    "IKnowledgeBase",
    "IModel",
    "InferenceProfile",
    "KnowledgeBase",
    "KnowledgeBaseError",
    "LoggingError",
    "Modality",
    "ModelError",
    "Off",
    "PersonalData",
    "PersonalDataType",
    "PlatformError",
    "S3VectorsStore",
    "SensitiveInformation",
    "SensitivePattern",
    "Strength",
    "Tier",
    "TopicPolicy",
    "WordPolicy",
]
