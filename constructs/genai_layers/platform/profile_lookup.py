"""What a service asks about an inference profile before it runs the model behind it."""

from aws_cdk import aws_iam as iam

from genai_layers.foundation import WorkloadRole
from genai_layers.platform.application_inference_profile import ApplicationInferenceProfile
from genai_layers.platform.inference_profile import InferenceProfile
from genai_layers.platform.interfaces import IModel


def allow_profile_lookup(role: WorkloadRole, model: IModel) -> None:
    """
    Let a role of Bedrock look up where a profile leads; a model that is no profile needs nothing.

    Args:
        role: Role that Bedrock works with.
        model: The model.
    """
    if isinstance(model, InferenceProfile | ApplicationInferenceProfile):
        profile, *models = model.arns
        for action, resources in (("GetInferenceProfile", [profile]), ("GetFoundationModel", models)):
            role.add_to_policy(iam.PolicyStatement(actions=[f"bedrock:{action}"], resources=resources))
