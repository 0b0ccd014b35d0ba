"""Brings a model that another account approved into this one: checked against its judgement, under our key."""
