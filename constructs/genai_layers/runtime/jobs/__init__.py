"""Reads the results of an evaluation and says whether they are good enough."""
