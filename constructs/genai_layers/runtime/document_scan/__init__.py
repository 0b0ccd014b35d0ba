"""Looks into a document before it may be retrieved."""
