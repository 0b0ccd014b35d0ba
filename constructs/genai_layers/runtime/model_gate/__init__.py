"""Stands behind a training: a model that is not good enough, or worse than what it came from, stops here."""
