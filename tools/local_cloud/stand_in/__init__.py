"""A stand-in for a language model: it quotes the passages that it is given, and says so."""
