"""What every test stands on: the pinned Node for jsii, and no AWS credentials or region from the shell."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_BIN = Path(sys.executable).parent
os.environ["PATH"] = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
os.environ.setdefault("JSII_NODE", shutil.which("node", path=str(_BIN)) or "node")
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]
