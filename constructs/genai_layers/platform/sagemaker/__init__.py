"""Amazon SageMaker under typed Python: JumpStart, endpoints that cost nothing idle, batch transform."""

from genai_layers.platform.sagemaker import engines
from genai_layers.platform.sagemaker.adapter import Adapter
from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.async_endpoint import AsyncEndpoint
from genai_layers.platform.sagemaker.comparison import Comparison
from genai_layers.platform.sagemaker.copies import Copies, ScheduledBounds
from genai_layers.platform.sagemaker.data_capture import DataCapture
from genai_layers.platform.sagemaker.dedicated_endpoint import DedicatedEndpoint
from genai_layers.platform.sagemaker.errors import EndpointError, JumpStartError, TransformError
from genai_layers.platform.sagemaker.eula import EulaAcceptance
from genai_layers.platform.sagemaker.hosted_model import HostedModel, Placement
from genai_layers.platform.sagemaker.hosting_image import HostingImage
from genai_layers.platform.sagemaker.hub_references import HubReferences
from genai_layers.platform.sagemaker.instances import Instances
from genai_layers.platform.sagemaker.jumpstart_door import admit_jumpstart
from genai_layers.platform.sagemaker.jumpstart_model import JumpStartModel
from genai_layers.platform.sagemaker.machines import Machines
from genai_layers.platform.sagemaker.mailbox import Mailbox
from genai_layers.platform.sagemaker.model_component import ModelComponent
from genai_layers.platform.sagemaker.model_endpoint import ModelEndpoint
from genai_layers.platform.sagemaker.private_hub import PrivateHub, deny_public_hub
from genai_layers.platform.sagemaker.promotable import Promotable
from genai_layers.platform.sagemaker.rollout import Rollout
from genai_layers.platform.sagemaker.routing import Routing
from genai_layers.platform.sagemaker.serverless_endpoint import ServerlessEndpoint
from genai_layers.platform.sagemaker.transform_model import TransformModel

__all__ = [
    "engines",
    "Adapter",
    "Artifacts",
    "AsyncEndpoint",
    "Comparison",
    "Copies",
    "DataCapture",
    "DedicatedEndpoint",
    "EndpointError",
    "EulaAcceptance",
    "HostedModel",
    "HostingImage",
    "HubReferences",
    "Instances",
    "JumpStartError",
    "JumpStartModel",
    "Machines",
    "Mailbox",
    "ModelComponent",
    "ModelEndpoint",
    "Placement",
    "PrivateHub",
    "Promotable",
    "Rollout",
    "Routing",
    "ScheduledBounds",
    "ServerlessEndpoint",
    "TransformError",
    "TransformModel",
    "admit_jumpstart",
    "deny_public_hub",
]
