"""What the applications beside the chat share: one way in, one way to ask a model, one way to show what it wrote."""
