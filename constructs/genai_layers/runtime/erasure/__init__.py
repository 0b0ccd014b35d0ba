"""Erases what the chat keeps of a person, on the word of an operator."""
