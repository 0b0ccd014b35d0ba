"""Asks the questions of a golden set the way the chat does, and measures what comes back."""
