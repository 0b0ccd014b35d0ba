"""Layer 3: what people use, with input, model and output each protected."""

from genai_layers.application.action_agent import ActionAgent
from genai_layers.application.agent_tools import ActionTool
from genai_layers.application.api import Api
from genai_layers.application.assistant import Assistant
from genai_layers.application.assistant_options import AssistantOptions
from genai_layers.application.chat_erasure import ChatErasure
from genai_layers.application.chat_evaluation import ChatEvaluation
from genai_layers.application.chat_models import EVERYONE, ModelChoice, Priced, TokenPrice
from genai_layers.application.chat_service import ChatService
from genai_layers.application.chat_values import TENANT_GROUP_PREFIX, Retrieval, TokenBudget
from genai_layers.application.code_assistance import CodeAssistance
from genai_layers.application.content_generation import ContentGeneration
from genai_layers.application.data_insight import DataInsight
from genai_layers.application.data_tables import DataTable
from genai_layers.application.document_upload import DocumentUpload
from genai_layers.application.errors import (
    ApiError,
    ApplicationError,
    AssistantError,
    ChatServiceError,
    DocumentUploadError,
    EvaluationError,
    UserDirectoryError,
    WebPageError,
)
from genai_layers.application.evaluation_values import EvaluationThresholds, GoldenSet
from genai_layers.application.federated_sign_in import FederatedSignIn
from genai_layers.application.firewall import Firewall, FirewallLimits
from genai_layers.application.identity_providers import OidcProvider, SamlProvider, SecondFactor
from genai_layers.application.machine_client import MachineClient
from genai_layers.application.playground import Playground
from genai_layers.application.token_audience import ApiScope
from genai_layers.application.upload_values import UploadLimits
from genai_layers.application.user_directory import UserDirectory
from genai_layers.application.web_page import WebPage

__all__ = [
    "EVERYONE",
    "TENANT_GROUP_PREFIX",
    "ActionAgent",
    "ActionTool",
    "Api",
    "ApiError",
    "ApiScope",
    "ApplicationError",
    "Assistant",
    "AssistantError",
    "AssistantOptions",
    "ChatErasure",
    "ChatEvaluation",
    "ChatService",
    "ChatServiceError",
    "CodeAssistance",
    "ContentGeneration",
    "DataInsight",
    "DataTable",
    "DocumentUpload",
    "DocumentUploadError",
    "EvaluationError",
    "EvaluationThresholds",
    "FederatedSignIn",
    "Firewall",
    "FirewallLimits",
    "GoldenSet",
    "Playground",
    "ModelChoice",
    "Priced",
    "MachineClient",
    "OidcProvider",
    "Retrieval",
    "SamlProvider",
    "SecondFactor",
    "TokenBudget",
    "TokenPrice",
    "UploadLimits",
    "UserDirectory",
    "UserDirectoryError",
    "WebPage",
    "WebPageError",
]
