"""Promotion across accounts: a model that was approved in one is brought into another, and approved there again."""

from genai_layers.jobs.promotion.errors import PromotionError
from genai_layers.jobs.promotion.received_models import ReceivedModels
from genai_layers.jobs.promotion.shared_models import Receiver, SharedModels
from genai_layers.jobs.promotion.source import ModelSource

__all__ = ["ModelSource", "PromotionError", "ReceivedModels", "Receiver", "SharedModels"]
