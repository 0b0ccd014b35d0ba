"""Prompts that are kept as files, reviewed like code, and versioned by what they say."""

from genai_layers.platform.prompts.errors import PromptError
from genai_layers.platform.prompts.prompt import Prompt
from genai_layers.platform.prompts.prompt_file import PromptFile

__all__ = ["Prompt", "PromptError", "PromptFile"]
