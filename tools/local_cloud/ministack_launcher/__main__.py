"""Run MiniStack with the table registered; started by `tools.local_cloud.servers`."""

from __future__ import annotations

import os


def main() -> None:
    """Register everything, then serve until told to end."""
    # Functions inherit this process's environment; the checkout must not be importable for them.
    os.environ.pop("PYTHONPATH", None)
    from ministack.app import main as serve

    from tools.local_cloud.ministack_launcher import corrections
    from tools.local_cloud.ministack_launcher.register import register
    from tools.local_cloud.ministack_launcher.rows import ROWS, SUPPLEMENTS

    register(ROWS, SUPPLEMENTS)
    corrections.apply()
    serve()


if __name__ == "__main__":
    main()
