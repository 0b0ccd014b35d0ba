"""Answer events until Lambda ends the process."""

import importlib

from ..shared.env import Environment
from .loop import serve
from .runtime_api import RuntimeApi


def main() -> None:
    """Import the handler that the function names, and serve it."""
    environment = Environment()
    api = RuntimeApi(environment.text("AWS_LAMBDA_RUNTIME_API"))
    module, _, name = environment.text("_HANDLER").rpartition(".")
    environment.check()
    with api.telling_what_breaks_the_start():
        handler = getattr(importlib.import_module(module), name)
    serve(handler, api)


if __name__ == "__main__":
    main()
