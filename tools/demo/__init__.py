"""`make demo`: deploy everything to the local cloud, use it as a person would, and take it down again."""
