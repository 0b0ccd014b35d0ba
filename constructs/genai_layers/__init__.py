"""
Generative AI on AWS in three audited layers.

Import what you need from the room that holds it: `genai_layers.inference`,
`genai_layers.platform`, `genai_layers.application`.
"""
