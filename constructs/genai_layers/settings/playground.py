"""What an environment file may say of the playground."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from genai_layers.settings.section import Section


class PlaygroundSettings(Section):
    """
    Trying prompts on models, two side by side.

    Attributes:
        enabled: Default: false; it costs nothing while nobody tries anything, but lets people run more models.
        models: Foundation models or inference profiles beside the one that answers. Default: none.
        group: Group whose users may try; it is made. Default: everybody who signed in may.
    """

    enabled: bool = False
    models: Annotated[tuple[str, ...], Field(max_length=9)] = ()
    group: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]{1,128}$")
