"""The function behind content generation and code assistance: nothing is retrieved, and nothing is run."""
