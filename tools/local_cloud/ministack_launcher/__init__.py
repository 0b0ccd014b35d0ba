"""MiniStack with the CloudFormation types, and the few corrections, that our stacks need on top of it."""
