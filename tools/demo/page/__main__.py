"""`python -m tools.demo.page PORT SETTINGS`: the server itself."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.demo.page.server import Site, server

if __name__ == "__main__":
    with server(Site.read(Path(sys.argv[2])), int(sys.argv[1])) as serving:
        serving.serve_forever()
