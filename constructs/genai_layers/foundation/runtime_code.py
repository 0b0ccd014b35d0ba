"""The code of our functions as an asset that is the same on every machine."""

from pathlib import Path

from aws_cdk import aws_lambda as lambda_

from genai_layers.foundation.errors import HandlerError

PACKAGE = Path(__file__).resolve().parent.parent
"""Folder that holds `runtime/`."""

STREAMING_WRAPPER = "/var/task/runtime/streaming/start"
"""Takes the place of Lambda's own loop, which sends an answer when it is whole."""

# Everything but `runtime/`, and what Python writes beside the sources.
_LEFT_OUT = ("*", "!runtime", "!runtime/**", "**/__pycache__", "**/*.pyc")


def runtime_code(package: Path = PACKAGE) -> lambda_.AssetCode:
    """
    Return the code asset with `runtime/` at its root.

    Its hash depends on the names and contents of the files alone: not on where they lie, when they were
    written, or whether Python has compiled them.

    Args:
        package: Folder that holds `runtime/`.
    """
    return lambda_.Code.from_asset(str(package), exclude=list(_LEFT_OUT))


def check_handler(folder: str, package: Path = PACKAGE) -> None:
    """
    Raise unless *folder* of `runtime/` holds a handler.

    Args:
        folder: Name of the folder.
        package: Folder that holds `runtime/`.

    Raises:
        HandlerError: It holds none.
    """
    runtime = package / "runtime"
    if (runtime / folder / "handler.py").is_file():
        return
    known = ", ".join(sorted(file.parent.name for file in runtime.glob("*/handler.py"))) or "none yet"
    raise HandlerError([f"handler_folder {folder!r} holds no handler.py in genai_layers/runtime: choose {known}"])
