"""Closes the default security group of a network, which CloudFormation cannot."""
