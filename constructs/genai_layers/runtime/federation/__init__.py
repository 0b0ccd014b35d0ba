"""Lets people of another directory in, who proved a second factor there."""
