"""
What the local cloud does not do for real, and what proves it instead.

The demo prints this list and `docs/local-cloud.md` holds it: a green demo says nothing about these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """
    One thing that is not real.

    Args:
        gap: What the local cloud does instead of what AWS does.
        proof: What shows that our part is right all the same.
    """

    gap: str
    proof: str


LIMITS = (
    Limit(
        "answers are quoted from the passages by a stand-in, not written by a model (unless LOCAL_MODEL_URL is set)",
        "set LOCAL_MODEL_URL to a vLLM, llama.cpp or Ollama server, or deploy to an account",
    ),
    Limit(
        "there are no embeddings: passages are ranked by the words they share with the question",
        "the index and its settings are checked on the template",
    ),
    Limit(
        "the guardrail judges words, patterns and personal data only, no topics, attacks, harm or grounding",
        "those policies are checked on the template",
    ),
    Limit(
        "Cognito's threat protection is recorded and judges no sign-in",
        "its settings are checked on the template",
    ),
    Limit(
        "no machine starts: the Auto Scaling group stays empty and no model is served by it",
        "launch template, user data and scaling are checked on the template",
    ),
    Limit(
        "no task of ECS runs, an alarm orders nothing, and an update puts the number of machines of a group back",
        "the numbers that a schedule, an alarm and an update leave are checked on the template",
    ),
    Limit(
        "load balancers, flow logs, trails and budgets exist but carry, record and count nothing",
        "their settings are read back from the emulator and checked on the template",
    ),
    Limit(
        "encryption is recorded, not proved: ciphertext is not authenticated and key policies are not consulted",
        "each key's grants are evaluated by an IAM evaluator",
    ),
    Limit(
        "IAM is not enforced unless asked (`--enforce-iam`); sign-in with MFA is never part of a session's context",
        "the policies of people are evaluated by an IAM evaluator, with MFA and without",
    ),
    Limit(
        "services publish no metrics of their own, so alarms on them never fire",
        "metrics, thresholds and actions are checked on the template",
    ),
    Limit(
        "S3 Vectors keeps neither encryption nor the list of keys that cannot be filtered on",
        "both are checked on the template",
    ),
)
