"""Operations: metrics, alarms that say what to do, one dashboard, a budget."""

from genai_layers.operations.errors import BudgetError, MonitoringError, OperationsError
from genai_layers.operations.interfaces import (
    IMeteredApi,
    IMeteredChat,
    IMeteredFleet,
    IMeteredGuardrail,
    IMeteredModel,
)
from genai_layers.operations.monitoring import Monitoring
from genai_layers.operations.spend_budget import SpendBudget

__all__ = [
    "BudgetError",
    "IMeteredApi",
    "IMeteredChat",
    "IMeteredFleet",
    "IMeteredGuardrail",
    "IMeteredModel",
    "Monitoring",
    "MonitoringError",
    "OperationsError",
    "SpendBudget",
]
