"""Owns the account's setting for invocation logging of Amazon Bedrock, which CloudFormation cannot."""
