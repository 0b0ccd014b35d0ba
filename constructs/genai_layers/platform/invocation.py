"""
What a caller needs of IAM to run a model, as data and as a grant.

A request names one resource and touches others: a cross-region profile also authorizes the foundation model
in each region that it may go to. Each kind of model says which, and under which condition; the grant is
written here, once.

Shapes: Amazon Bedrock user guide, "Geographic cross-Region inference", "Global cross-Region inference",
"Enforce the use of specific guardrails in model inference requests", read 2026-11-25.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aws_cdk import aws_iam as iam

from genai_layers.platform.interfaces import IGuardrail

INVOKE_ACTIONS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream are authorized by the same two actions; there are no others to grant."""

PROFILE_KEY = "bedrock:InferenceProfileArn"
"""Names the inference profile that a request for a foundation model came through."""

GUARDRAIL_KEY = "bedrock:GuardrailIdentifier"
"""Present only in a request that names a guardrail; `ARN:VERSION` for a numbered version, `ARN` for the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocable:
    """
    Resources that one request is authorized against, together.

    Attributes:
        arns: Resources, exact.
        conditions: `StringEquals` keys and values that hold for these resources only.
        actions: What the request is authorized for. Default: the two actions of an invocation.
    """

    arns: tuple[str, ...]
    conditions: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[str, ...] = INVOKE_ACTIONS

    def through(self, key: str, arn: str) -> "Invocable":
        """
        Return the same resources for requests that come through something else only.

        Args:
            key: Condition key that names it, such as `bedrock:InferenceProfileArn`.
            arn: What they must come through.
        """
        return replace(self, conditions={**self.conditions, key: arn})


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
            actions=list(target.actions),
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
    # The key of the guardrail belongs to the actions of Bedrock; with those of another service it never matches.
    if guardrail is not None and target.actions == INVOKE_ACTIONS:
        conditions["StringLike"] = {GUARDRAIL_KEY: numbered_versions(guardrail.guardrail_arn)}
    return conditions or None
