"""Operations: metrics, alarms that say what to do, one dashboard, a budget."""

from genai_layers.operations.answer_queries import AnswerQueries
from genai_layers.operations.enclave_watches import IMeteredBroker
from genai_layers.operations.errors import BudgetError, IdleCheckError, MonitoringError, OperationsError
from genai_layers.operations.evaluation_watches import IMeteredEvaluation
from genai_layers.operations.idle_endpoints import IdleEndpoints
from genai_layers.operations.interfaces import (
    ICountedJob,
    IMeteredAgent,
    IMeteredApi,
    IMeteredChat,
    IMeteredCluster,
    IMeteredDrift,
    IMeteredEndpoint,
    IMeteredFirewall,
    IMeteredFleet,
    IMeteredGuardrail,
    IMeteredIdleCheck,
    IMeteredJob,
    IMeteredModel,
    IMeteredStore,
    IQueuedEndpoint,
    ITimedAgent,
    IWakingEndpoint,
    IWakingFleet,
)
from genai_layers.operations.monitoring import Monitoring
from genai_layers.operations.spend_budget import SpendBudget
from genai_layers.operations.trail_watches import IMeteredTrail
from genai_layers.operations.training_watches import IMeteredTrainingCluster

__all__ = [
    "AnswerQueries",
    "BudgetError",
    "ICountedJob",
    "IMeteredAgent",
    "IMeteredApi",
    "IMeteredBroker",
    "IMeteredChat",
    "IMeteredCluster",
    "IMeteredDrift",
    "IMeteredEndpoint",
    "IMeteredEvaluation",
    "IMeteredFirewall",
    "IMeteredFleet",
    "IMeteredGuardrail",
    "IMeteredIdleCheck",
    "IMeteredJob",
    "IMeteredModel",
    "IMeteredStore",
    "IMeteredTrail",
    "IMeteredTrainingCluster",
    "IQueuedEndpoint",
    "ITimedAgent",
    "IWakingEndpoint",
    "IWakingFleet",
    "IdleCheckError",
    "IdleEndpoints",
    "Monitoring",
    "MonitoringError",
    "OperationsError",
    "SpendBudget",
]
