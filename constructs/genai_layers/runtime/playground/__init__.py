"""The playground's function: one prompt goes to one or two models, and their answers come side by side."""
