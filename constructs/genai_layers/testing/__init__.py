"""Helpers for test suites that synthesize our constructs, ours and yours."""

from genai_layers.testing.app import ACCOUNT, REGION, app, stack
from genai_layers.testing.errors import EvaluatorMissingError, PolicyTestError, UnresolvedError
from genai_layers.testing.policy import Decision, Outcome, Policy, Request, evaluate
from genai_layers.testing.resolve import Resolver
from genai_layers.testing.template import Template, resources, template
from genai_layers.testing.template_policies import (
    boundary_of,
    bucket_policy_of,
    key_policy_of,
    policies_of,
    trust_of,
)

__all__ = [
    "ACCOUNT",
    "REGION",
    "Decision",
    "EvaluatorMissingError",
    "Outcome",
    "Policy",
    "PolicyTestError",
    "Request",
    "Resolver",
    "Template",
    "UnresolvedError",
    "app",
    "boundary_of",
    "bucket_policy_of",
    "evaluate",
    "key_policy_of",
    "policies_of",
    "resources",
    "stack",
    "template",
    "trust_of",
]
