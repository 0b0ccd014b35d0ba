"""Transfer learning: a pre-trained model and approved data in, a judged and registered model out."""

from genai_layers.jobs.fine_tuning.base_model import BaseModel, LicenceAcceptance
from genai_layers.jobs.fine_tuning.container import JobContainer
from genai_layers.jobs.fine_tuning.data_rules import DataFormat, DataRules
from genai_layers.jobs.fine_tuning.errors import FineTuningError, TrainingDataError
from genai_layers.jobs.fine_tuning.evaluation import Evaluator
from genai_layers.jobs.fine_tuning.hand_off import HandOff
from genai_layers.jobs.fine_tuning.images import JobImage
from genai_layers.jobs.fine_tuning.machines import Machines
from genai_layers.jobs.fine_tuning.method import TuningMethod
from genai_layers.jobs.fine_tuning.model_card import ModelCardFacts, Risk
from genai_layers.jobs.fine_tuning.pipeline import FineTuningPipeline
from genai_layers.jobs.fine_tuning.promotable import IPromotable
from genai_layers.jobs.fine_tuning.serving import Serving
from genai_layers.jobs.fine_tuning.starts import Start
from genai_layers.jobs.fine_tuning.tracking import MlflowTracking
from genai_layers.jobs.fine_tuning.training_data import TrainingDataBucket
from genai_layers.runtime.model_gate.standards import Standard

__all__ = [
    "BaseModel",
    "DataFormat",
    "DataRules",
    "Evaluator",
    "FineTuningError",
    "FineTuningPipeline",
    "HandOff",
    "IPromotable",
    "JobContainer",
    "JobImage",
    "LicenceAcceptance",
    "Machines",
    "MlflowTracking",
    "ModelCardFacts",
    "Risk",
    "Serving",
    "Standard",
    "Start",
    "TrainingDataBucket",
    "TrainingDataError",
    "TuningMethod",
]
