"""Accepting a finding in writing, beside the resource that it is about."""

import aws_cdk as cdk
from constructs import IConstruct

from genai_layers.foundation.nag.deferred import defer
from genai_layers.foundation.nag.errors import AcknowledgementError
from genai_layers.foundation.nag.finding_id import FindingId, expand
from genai_layers.foundation.nag.tokens import flatten, has_tokens, is_settled

MINIMUM_REASON = 20
"""Characters of the shortest reason that a reviewer could follow."""


def says_why(reason: str) -> bool:
    """
    Return whether a written reason is long enough to say something; blanks count once.

    Args:
        reason: The reason.
    """
    return len(" ".join(reason.split())) >= MINIMUM_REASON


def acknowledge(construct: IConstruct, *findings: str, reason: str) -> None:
    """
    Accept *findings* on *construct* and on everything below it, for *reason*.

    The reason lands in the validation report and in the acknowledgement ledger.
    A rule that several packs share is accepted in all of them at once, so that the environments,
    which attach different packs, need one line only.

    Args:
        construct: The resource, or the construct that holds it.
            Stacks, stages and apps are refused: accept a finding where it is made.
        *findings: What to accept: `AwsSolutions-IAM5[Resource::*]`, `IAMNoInlinePolicy`, `GENAI-IAM-01`,
            `E3510`. What stands in brackets is part of the id; a rule without it accepts none of them.
            Tokens are welcome there: `f"AwsSolutions-IAM5[Resource::{bucket.arn_for_objects('*')}]"`.
        reason: Why it is safe, in at least 20 characters.

    Raises:
        AcknowledgementError: A finding that no pack can report, a reason too short, or too wide a scope.

    Example:
        acknowledge(role, "IAMNoInlinePolicy", reason="The policy serves this role alone and goes with it")
    """
    faults: list[str] = []
    ids: list[FindingId] = []
    if not findings:
        faults.append("no finding is named: give at least one id from the report")
    for finding in findings:
        try:
            ids += expand(finding)
        except ValueError as error:
            faults.append(str(error))
    text = " ".join(reason.split())
    if not says_why(reason):
        faults.append(
            f"reason {reason!r} has {len(text)} characters, at least {MINIMUM_REASON} are needed: "
            "say why the finding is safe here"
        )
    if isinstance(construct, cdk.Stack | cdk.Stage):
        faults.append(
            f"{type(construct).__name__} {construct.node.path!r} is too wide: "
            "acknowledge on the resource, or on the construct that makes it"
        )
    if faults:
        raise AcknowledgementError("; ".join(faults))
    settled = [str(each) for each in ids if not has_tokens(each.rule) or is_settled(construct, each.rule)]
    cdk.Validations.of(construct).acknowledge(
        *(cdk.Acknowledgment(id=_written(construct, each), reason=text) for each in settled)
    )
    waiting = [str(each) for each in ids if str(each) not in settled]
    if waiting:
        defer(construct, waiting, text)


def _written(construct: IConstruct, text: str) -> str:
    return flatten(construct, text) if has_tokens(text) else text
