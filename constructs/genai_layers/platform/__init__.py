"""Layer 2: Amazon Bedrock under typed Python."""

from genai_layers.platform.account_model import AccountModel
from genai_layers.platform.application_inference_profile import ApplicationInferenceProfile
from genai_layers.platform.aurora_cluster_store import AuroraClusterStore
from genai_layers.platform.aurora_store import AuroraStore
from genai_layers.platform.chunking import Chunking
from genai_layers.platform.connected_sources import (
    Application,
    ApplicationSource,
    CustomSource,
    SignIn,
    WebScope,
    WebSource,
)
from genai_layers.platform.data_source import DataSource
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.enforced_guardrail import EnforcedGuardrail, Guarding
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
from genai_layers.platform.invocation_logging import InvocationLogging
from genai_layers.platform.kendra_knowledge_base import KendraKnowledgeBase
from genai_layers.platform.knowledge_base import KnowledgeBase
from genai_layers.platform.logged_content import LoggedContent
from genai_layers.platform.managed_knowledge_base import Connector, ManagedKnowledgeBase
from genai_layers.platform.model_of import model_of
from genai_layers.platform.mongodb_store import MongoDbAtlasStore
from genai_layers.platform.neptune_graph_store import NeptuneGraphStore
from genai_layers.platform.opensearch_domain_store import OpenSearchDomainStore
from genai_layers.platform.opensearch_store import OpenSearchServerlessStore
from genai_layers.platform.parsing import DataAutomationParsing, ModelParsing
from genai_layers.platform.pinecone_store import PineconeStore
from genai_layers.platform.prompt_router import PromptRouter
from genai_layers.platform.query_engine import RedshiftCluster, RedshiftServerless
from genai_layers.platform.query_generation import DescribedTable, QueryGeneration
from genai_layers.platform.query_tables import CatalogTables, RedshiftTables
from genai_layers.platform.reranker import Reranker
from genai_layers.platform.s3_vectors_store import Distance, S3VectorsStore
from genai_layers.platform.sources import BucketSource
from genai_layers.platform.structured_knowledge_base import StructuredKnowledgeBase
from genai_layers.platform.tenant_metadata import TenantMetadata
from genai_layers.platform.unguarded_calls import require_guardrail, unguarded_calls_denied

__all__ = [
    "StructuredKnowledgeBase",
    "RedshiftTables",
    "CatalogTables",
    "QueryGeneration",
    "DescribedTable",
    "RedshiftServerless",
    "RedshiftCluster",
    "ManagedKnowledgeBase",
    "KendraKnowledgeBase",
    "PineconeStore",
    "OpenSearchDomainStore",
    "NeptuneGraphStore",
    "MongoDbAtlasStore",
    "AccountModel",
    "Action",
    "Application",
    "ApplicationInferenceProfile",
    "ApplicationSource",
    "AuroraClusterStore",
    "AuroraStore",
    "AutomatedReasoning",
    "BlockedMessages",
    "BucketSource",
    "Chunking",
    "Connector",
    "ContentFilter",
    "ContentPolicy",
    "ContextualGrounding",
    "CustomSource",
    "DataAutomationParsing",
    "DataSource",
    "DeniedTopic",
    "Distance",
    "EmbeddingModel",
    "EnforcedGuardrail",
    "FoundationModel",
    "Guarding",
    "Guardrail",
    "GuardrailError",
    "GuardrailPolicies",
    "GuardrailProfile",
    "Harm",
    "IGuardrail",
    "IKnowledgeBase",
    "IModel",
    "InferenceProfile",
    "InvocationLogging",
    "KnowledgeBase",
    "KnowledgeBaseError",
    "LoggedContent",
    "LoggingError",
    "Modality",
    "ModelError",
    "ModelParsing",
    "Off",
    "OpenSearchServerlessStore",
    "PersonalData",
    "PersonalDataType",
    "PlatformError",
    "PromptRouter",
    "Reranker",
    "S3VectorsStore",
    "SensitiveInformation",
    "SensitivePattern",
    "SignIn",
    "Strength",
    "TenantMetadata",
    "Tier",
    "TopicPolicy",
    "WebScope",
    "WebSource",
    "WordPolicy",
    "model_of",
    "require_guardrail",
    "unguarded_calls_denied",
]
