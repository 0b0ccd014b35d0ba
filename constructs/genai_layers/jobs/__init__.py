"""Work that is not a resource: state machines that start it, await it and report."""

from genai_layers.jobs.batch_transform import BatchTransform, ITransformable, TransformError
from genai_layers.jobs.errors import IngestionError, JobError
from genai_layers.jobs.ingestion import IngestionJob
from genai_layers.jobs.interfaces import IIngestible
from genai_layers.jobs.monitor_baseline import IBaselined, MonitorBaseline
from genai_layers.jobs.workflow import Workflow

__all__ = [
    "BatchTransform",
    "IBaselined",
    "IIngestible",
    "ITransformable",
    "IngestionError",
    "IngestionJob",
    "JobError",
    "MonitorBaseline",
    "TransformError",
    "Workflow",
]
