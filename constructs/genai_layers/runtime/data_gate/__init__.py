"""Stands before a training: what is wrong with the data stops here, and what passes is what is trained on."""
