# Mounted as `sitecustomize.py`, which Python imports at its start: the chart of the engine fixes its command, and an
# argument or a file of arguments would show the key in the engine's log.
"""Gives the engine its API key as a variable, out of memory that only its pod has."""

from __future__ import annotations

import os
from pathlib import Path

_KEY = Path(os.environ.get("RUN_FOLDER", "/run/genai")) / "api-key"

if "API_KEY_VARIABLE" in os.environ and _KEY.exists():
    os.environ[os.environ["API_KEY_VARIABLE"]] = _KEY.read_text(encoding="utf-8")
