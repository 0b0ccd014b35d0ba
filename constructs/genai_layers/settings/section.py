"""What every table of the environment file has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

WrittenReason = Annotated[str, Field(min_length=20, max_length=400)]
"""A sentence that an auditor reads in the ledger."""


class Section(BaseModel):
    """A table of the file: closed, so that a misspelt key is a fault, and read-only once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
