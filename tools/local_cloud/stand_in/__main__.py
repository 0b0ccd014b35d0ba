"""`python -m tools.local_cloud.stand_in PORT`."""

from __future__ import annotations

import sys

from tools.local_cloud.stand_in.server import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]))
