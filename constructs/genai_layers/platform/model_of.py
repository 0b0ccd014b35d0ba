"""From what a settings file says to a model."""

from constructs import IConstruct

from genai_layers.catalog import bedrock
from genai_layers.platform.account_model import CUSTOM_DEPLOYMENT, IMPORTED, KINDS, PROVISIONED, AccountModel
from genai_layers.platform.errors import ModelError
from genai_layers.platform.foundation_model import FoundationModel
from genai_layers.platform.inference_profile import InferenceProfile
from genai_layers.platform.interfaces import IModel


def model_of(scope: IConstruct, model_id: str) -> IModel:
    """
    Return the model that Converse would run for *model_id*.

    Args:
        scope: Any construct of the stack.
        model_id: Id of a model or a system-defined profile, or the ARN of a model of this account.

    Raises:
        ModelError: It is none of these, or not in the catalog.
        RegionError: The region has no Bedrock, or the profile is of another partition.

    Example:
        model = model_of(self, "eu.amazon.nova-lite-v1:0")
    """
    if not model_id.startswith("arn:"):
        profile = model_id.partition(".")[0] in bedrock.profiles
        return InferenceProfile.of(scope, model_id) if profile else FoundationModel.of(scope, model_id)
    makers = {
        PROVISIONED: AccountModel.provisioned,
        IMPORTED: AccountModel.imported,
        CUSTOM_DEPLOYMENT: AccountModel.custom_deployment,
        "endpoint": AccountModel.marketplace_endpoint,
    }
    kind = model_id.split(":", 5)[-1].split("/")[0]
    if kind not in makers:
        raise ModelError([f"{model_id!r} is no model of this account: give an ARN of {', '.join(KINDS)} or endpoint"])
    return makers[kind](scope, model_id)
