from genai_layers.settings.errors import Fault, SettingsError
from genai_layers.settings.load import load, validate
from genai_layers.settings.settings import Settings

__all__ = ["Fault", "Settings", "SettingsError", "load", "validate"]
