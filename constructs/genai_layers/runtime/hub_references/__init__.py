"""Keeps the references of a private hub to a list, which CloudFormation cannot."""
