"""Names of endpoints, which their log groups, alarms and roles know before they stand."""

from genai_layers.foundation.born_name import MAX_CHARACTERS, born_name

__all__ = ["MAX_CHARACTERS", "born_name"]
