"""Studio without a way to the internet, whose apps stop when nobody works in them."""

from genai_layers.platform.sagemaker.studio.errors import StudioError
from genai_layers.platform.sagemaker.studio.idle_shutdown import IdleShutdown
from genai_layers.platform.sagemaker.studio.start_script import StartScript
from genai_layers.platform.sagemaker.studio.studio_domain import SignIn, StudioDomain
from genai_layers.platform.sagemaker.studio.studio_group import StudioGroup

__all__ = ["IdleShutdown", "SignIn", "StartScript", "StudioDomain", "StudioError", "StudioGroup"]
