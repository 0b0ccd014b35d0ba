"""Asks a new version of a prompt or a flow the questions of a test set, before callers reach it."""
