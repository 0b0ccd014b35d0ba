"""
What a caller needs of IAM to run a model, as data and as a grant.

A request names one resource and touches others: a cross-region profile also authorizes the foundation model
in each region that it may go to. Each kind of model says which, and under which condition; the grant is
written here, once.

Shapes: Amazon Bedrock user guide, "Geographic cross-Region inference", "Global cross-Region inference",
"Enforce the use of specific guardrails in model inference requests", read 2026-11-25.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam

from genai_layers.platform.interfaces import IGuardrail

INVOKE_ACTIONS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream are authorized by the same two actions; there are no others to grant."""

GUARDRAIL_KEY = "bedrock:GuardrailIdentifier"
"""Present only in a request that names a guardrail; `ARN:VERSION` for a numbered version, `ARN` for the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocable:
    """
    Resources that one request is authorized against, together.

    Attributes:
        arns: Resources, exact.
        conditions: `StringEquals` keys and values that hold for these resources only.
    """

    arns: tuple[str, ...]
    conditions: Mapping[str, str] = field(default_factory=dict)


def numbered_versions(guardrail_arn: str) -> str:
    """
    Return the pattern of every numbered version of a guardrail, and never its draft.

    Args:
        guardrail_arn: ARN of the guardrail, without a version.
    """
    return f"{guardrail_arn}:*"


def grant(grantee: iam.IGrantable, targets: Iterable[Invocable], guardrail: IGuardrail | None) -> iam.Grant:
    """
    Let *grantee* run a model, with and without streaming.

    Args:
        grantee: Who may.
        targets: What the requests are authorized against.
        guardrail: Guardrail that every request must name. A request that names none, another one, or its
            draft matches no statement, and is denied. Default: requests need no guardrail.
    """
    granted: iam.Grant | None = None
    for target in targets:
        one = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(INVOKE_ACTIONS),
            resource_arns=list(target.arns),
            conditions=_conditions(target, guardrail),
        )
        granted = one if granted is None else granted.combine(one)
    if granted is None:
        return iam.Grant.drop(grantee, "the model has no resources")
    return granted if guardrail is None else granted.combine(guardrail.grant_apply(grantee))


def _conditions(target: Invocable, guardrail: IGuardrail | None) -> dict[str, dict[str, str]] | None:
    conditions: dict[str, dict[str, str]] = {}
    if target.conditions:
        conditions["StringEquals"] = dict(target.conditions)
    if guardrail is not None:
        conditions["StringLike"] = {GUARDRAIL_KEY: numbered_versions(guardrail.guardrail_arn)}
    return conditions or None
