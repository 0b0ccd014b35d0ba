"""A prompt in a file: settings in front, text behind, variables in double braces."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genai_layers.platform.prompts.errors import PromptError

_FENCE = "+++"
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"([0-9a-zA-Z][_-]?){1,100}")
_SETTINGS: Mapping[str, tuple[type, ...]] = {
    "description": (str,),
    "max_tokens": (int,),
    "temperature": (int, float),
    "top_p": (int, float),
}
# AWS::Bedrock::Prompt; resource schema, read 2026-11-25.
_MAX_DESCRIPTION, _MAX_TEXT, _MAX_VARIABLES, _MAX_TOKENS = 200, 200_000, 20, 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """
    What a model is told, with places for what differs from call to call.

    A file begins with settings in TOML between two lines of `+++`; the text follows:

        +++
        description = "Answers from the handbook"
        max_tokens = 500
        +++
        Answer {{question}} from the passages below.

    Reading files is for whoever composes stacks, so that a construct stays the same wherever it is built.

    Attributes:
        text: What the model is told.
        description: What it is for; at most 200 characters.
        max_tokens: Longest answer, in tokens, 1 to 4,096. Default: the model's own limit.
        temperature: How much chance there is in an answer, 0 to 1. Default: the model's own.
        top_p: Share of likely words that are chosen from, 0 to 1. Default: the model's own.

    Raises:
        PromptError: The service would refuse it; every fault is named.

    Example:
        >>> PromptFile(text="Answer {{question}}.", description="Answers").variables
        ('question',)
    """

    text: str
    description: str
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    variables: tuple[str, ...] = field(init=False)
    """Names of the places, in the order of the text."""

    def __post_init__(self) -> None:
        found = tuple(dict.fromkeys(_VARIABLE.findall(self.text)))
        object.__setattr__(self, "variables", found)
        if faults := self._faults():
            raise PromptError(faults)

    @classmethod
    def load(cls, path: Path | str) -> "PromptFile":
        """
        Read a prompt from a file.

        Args:
            path: The file, in UTF-8.

        Raises:
            PromptError: There is no such file, or it is no prompt; every fault is named.
        """
        file = Path(path)
        if not file.is_file():
            raise PromptError([f"there is no prompt file {str(path)!r}: look at the path, and where it starts from"])
        try:
            return cls.parse(file.read_text(encoding="utf-8"))
        except PromptError as error:
            raise PromptError([f"{file.name}: {fault}" for fault in error.faults]) from None

    @classmethod
    def parse(cls, content: str) -> "PromptFile":
        """
        Return the prompt that a file says.

        Args:
            content: All of the file.

        Raises:
            PromptError: It is no prompt; every fault is named.
        """
        parts = content.replace("\r\n", "\n").split(f"{_FENCE}\n", 2)
        if len(parts) < 3 or parts[0].strip():
            raise PromptError([f"it does not begin with settings between two lines of {_FENCE}"])
        _, settings, text = parts
        try:
            given = tomllib.loads(settings)
        except tomllib.TOMLDecodeError as error:
            raise PromptError([f"its settings are no TOML: {error}"]) from None
        if faults := _setting_faults(given):
            raise PromptError(faults)
        return cls(text=text.strip(), **given)

    def _faults(self) -> list[str]:
        faults = []
        if not 1 <= len(self.text) <= _MAX_TEXT:
            faults.append(f"text has {len(self.text)} characters, allowed are 1 to {_MAX_TEXT:,}")
        if not 1 <= len(self.description) <= _MAX_DESCRIPTION:
            faults.append(f"description has {len(self.description)} characters, allowed are 1 to {_MAX_DESCRIPTION}")
        if len(self.variables) > _MAX_VARIABLES:
            faults.append(f"text has {len(self.variables)} variables, allowed are {_MAX_VARIABLES}")
        faults += [
            f"variable {name!r}: use letters and digits, with single dashes or underscores between"
            for name in self.variables
            if not _NAME.fullmatch(name)
        ]
        if self.max_tokens is not None and not 1 <= self.max_tokens <= _MAX_TOKENS:
            faults.append(f"max_tokens is {self.max_tokens}: choose 1 to {_MAX_TOKENS}")
        faults += [
            f"{name} is {value:g}: choose 0 to 1"
            for name, value in (("temperature", self.temperature), ("top_p", self.top_p))
            if value is not None and not 0 <= value <= 1
        ]
        return faults


def _setting_faults(given: Mapping[str, Any]) -> list[str]:
    faults = [
        f"setting {name!r} is not known: choose from {', '.join(_SETTINGS)}" for name in given if name not in _SETTINGS
    ]
    faults += [
        f"setting {name!r} is {given[name]!r}: give a {'text' if str in kinds else 'number'}"
        for name, kinds in _SETTINGS.items()
        if name in given and (not isinstance(given[name], kinds) or isinstance(given[name], bool))
    ]
    if "description" not in given:
        faults.append("setting 'description' is missing: say what the prompt is for")
    return faults
