"""A script that an app runs when it starts."""

from aws_cdk import Fn
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.sagemaker.studio.errors import StudioError

_APPS = ("JupyterLab", "CodeEditor")
_MAX_NAME_CHARACTERS = 63
# API reference, CreateStudioLifecycleConfig: the content is at most 16,384 characters of base64.
_MAX_BYTES = 16_384 // 4 * 3


class StartScript(Construct):
    """
    Lifecycle configurations with one script, one for each kind of app.

    All of a lifecycle configuration is create-only and its name is required, so the name moves with the script: the
    new one stands before the domain lets go of the old one.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        script: What runs; it must end within five minutes, and has no network but that of the domain.

    Attributes:
        arns: ARN of the configuration by the kind of app.

    Raises:
        StudioError: The script is empty, no shell script, or longer than the service takes.
    """

    def __init__(self, scope: Construct, id: str, *, script: str) -> None:
        super().__init__(scope, id)
        faults = script_faults(script)
        if faults:
            raise StudioError(faults)
        self.arns = {kind: self._config(kind, script).attr_studio_lifecycle_config_arn for kind in _APPS}

    def _config(self, kind: str, script: str) -> sagemaker.CfnStudioLifecycleConfig:
        name = replaceable_name(Construct(self, f"{kind}Name"), script, max_length=_MAX_NAME_CHARACTERS)
        config = sagemaker.CfnStudioLifecycleConfig(
            self,
            kind,
            studio_lifecycle_config_app_type=kind,
            studio_lifecycle_config_content=Fn.base64(script),
            studio_lifecycle_config_name=name,
        )
        # Tags are create-only too, and are known too late to be part of the name.
        config.add_property_deletion_override("Tags")
        return config


def script_faults(script: str) -> list[str]:
    """
    Return what the service would refuse of a script.

    Args:
        script: The script.
    """
    size = len(script.encode())
    found = []
    if not script.startswith("#!"):
        found.append(f"start script begins with {script[:20]!r}: begin with the shell, such as '#!/bin/bash'")
    if size > _MAX_BYTES:
        found.append(f"start script has {size} bytes, at most {_MAX_BYTES} are taken: fetch the rest from a bucket")
    return found
