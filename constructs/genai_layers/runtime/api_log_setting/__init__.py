"""Sees to it that API Gateway may write logs in this account and region, which is one setting for all APIs there."""
