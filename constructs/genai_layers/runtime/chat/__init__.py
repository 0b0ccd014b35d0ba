"""The chat function: a question comes in, an answer with its sources goes out."""
