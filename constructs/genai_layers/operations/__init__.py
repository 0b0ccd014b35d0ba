"""Operations: metrics, alarms that say what to do, one dashboard, a budget."""

from genai_layers.operations.errors import BudgetError, MonitoringError, OperationsError
from genai_layers.operations.interfaces import (
    ICountedJob,
    IMeteredAgent,
    IMeteredApi,
    IMeteredChat,
    IMeteredEndpoint,
    IMeteredFleet,
    IMeteredGuardrail,
    IMeteredJob,
    IMeteredModel,
    IQueuedEndpoint,
    ITimedAgent,
    IWakingEndpoint,
)
from genai_layers.operations.monitoring import Monitoring
from genai_layers.operations.spend_budget import SpendBudget

__all__ = [
    "BudgetError",
    "ICountedJob",
    "IMeteredAgent",
    "IMeteredApi",
    "IMeteredChat",
    "IMeteredEndpoint",
    "IMeteredFleet",
    "IMeteredGuardrail",
    "IMeteredJob",
    "IMeteredModel",
    "IQueuedEndpoint",
    "ITimedAgent",
    "IWakingEndpoint",
    "Monitoring",
    "MonitoringError",
    "OperationsError",
    "SpendBudget",
]
