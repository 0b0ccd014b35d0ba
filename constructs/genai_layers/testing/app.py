"""An App and a Stack for tests, with the feature flags that `cdk synth` would use."""

import atexit
import json
import shutil
import tempfile
from pathlib import Path

import aws_cdk as cdk

ACCOUNT = "111122223333"
"""Account of every stack that `stack` makes: the one AWS uses in its own examples."""

REGION = "us-east-1"
"""Region of a stack unless another is asked for."""


def app(**context: object) -> cdk.App:
    """
    Return an App that behaves as under `cdk synth`, without its slow parts.

    A bare `App()` does not read `cdk.json`, so its feature flags differ from those of a deploy.
    This one takes the flags of the nearest `cdk.json`, upwards from the working directory.
    CDK's built-in template validation is off; its output goes to a folder that is removed at exit.

    Args:
        **context: Context values, which win over those of `cdk.json`.
    """
    directory = tempfile.mkdtemp(prefix="genai-layers-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return cdk.App(
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
        context={**feature_flags(), **context},
        outdir=directory,
    )


def stack(app: cdk.App | None = None, id: str = "Stack", region: str = REGION) -> cdk.Stack:
    """
    Return a stack with a known account and region.

    Args:
        app: App it belongs to. Default: a new one from `genai_layers.testing.app`.
        id: Name of the stack within *app*.
        region: Region of the stack.
    """
    return cdk.Stack(_new_app() if app is None else app, id, env=cdk.Environment(account=ACCOUNT, region=region))


def feature_flags(start: Path | None = None) -> dict[str, object]:
    """
    Return the context of the nearest `cdk.json`; empty when there is none.

    Args:
        start: Folder to look from, upwards. Default: the working directory.
    """
    folder = Path.cwd() if start is None else start
    for candidate in (folder, *folder.parents):
        file = candidate / "cdk.json"
        if file.is_file():
            context: dict[str, object] = json.loads(file.read_text(encoding="utf-8")).get("context", {})
            return context
    return {}


_new_app = app
