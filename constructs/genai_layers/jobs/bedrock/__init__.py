"""Jobs on Amazon Bedrock: import, customize, deploy, evaluate, promote, infer in batches, and ask for access."""

from genai_layers.jobs.bedrock.alias import ModelAlias
from genai_layers.jobs.bedrock.batch_inference import BatchInference
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.candidate import Candidate, FlowCandidate, PromptCandidate
from genai_layers.jobs.bedrock.customization import (
    ContinuedPreTraining,
    Customization,
    Distillation,
    FineTuning,
    ReinforcementFineTuning,
)
from genai_layers.jobs.bedrock.dataset import Dataset
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.evaluation import Evaluation
from genai_layers.jobs.bedrock.evaluator import Algorithm, Evaluator, Judge
from genai_layers.jobs.bedrock.interfaces import IRunnableModel, ISearchable
from genai_layers.jobs.bedrock.metrics import Threshold
from genai_layers.jobs.bedrock.model_access import ModelAccess
from genai_layers.jobs.bedrock.model_customization import ModelCustomization
from genai_layers.jobs.bedrock.model_deployment import ModelDeployment
from genai_layers.jobs.bedrock.model_import import ModelImport
from genai_layers.jobs.bedrock.network import JobNetwork
from genai_layers.jobs.bedrock.promotion import Promotion
from genai_layers.jobs.bedrock.smoke_test import SmokeTest
from genai_layers.jobs.bedrock.subject import (
    GivenAnswers,
    ModelAnswers,
    RetrievedAnswers,
    RetrievedPassages,
    Subject,
)
from genai_layers.jobs.bedrock.use_case import UseCase

__all__ = [
    "Algorithm",
    "BatchInference",
    "BedrockJob",
    "BedrockJobError",
    "Candidate",
    "ContinuedPreTraining",
    "Customization",
    "Dataset",
    "Distillation",
    "Evaluation",
    "Evaluator",
    "FineTuning",
    "FlowCandidate",
    "GivenAnswers",
    "IRunnableModel",
    "ISearchable",
    "JobNetwork",
    "Judge",
    "ModelAccess",
    "ModelAlias",
    "ModelAnswers",
    "ModelCustomization",
    "ModelDeployment",
    "ModelImport",
    "Promotion",
    "PromptCandidate",
    "ReinforcementFineTuning",
    "RetrievedAnswers",
    "RetrievedPassages",
    "SmokeTest",
    "Subject",
    "Threshold",
    "UseCase",
]
