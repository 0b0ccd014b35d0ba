"""Finds what SageMaker keeps running although nobody uses it, and says what it costs."""
