"""Alarms on the signs of misuse that the trail counts; a count that nobody is told of helps nobody."""

from __future__ import annotations

from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.foundation import AuditTrail
from genai_layers.operations.alarm import alarm
from genai_layers.operations.watch import AlarmRow

ROWS: tuple[AlarmRow[AuditTrail], ...] = (
    AlarmRow(
        id="AccessDenied",
        metric=lambda trail: trail.metric("AccessDenied"),
        threshold=50,
        means="More than 50 calls were denied within five minutes.",
        do="Group the log of the trail by userIdentity.arn: a deploy lacks a permission, or somebody tries doors.",
    ),
    AlarmRow(
        id="KeyDisabled",
        metric=lambda trail: trail.metric("KeyDisabled"),
        threshold=0,
        means="A key was disabled or is to be deleted; what it encrypts cannot be read without it.",
        do="Find DisableKey or ScheduleKeyDeletion in the log of the trail; cancel the deletion unless it was planned.",
    ),
    AlarmRow(
        id="RootUse",
        metric=lambda trail: trail.metric("RootUse"),
        threshold=0,
        means="The root user of the account was used.",
        do="Find userIdentity.type Root in the log of the trail and ask who it was; nothing here needs the root user.",
    ),
    AlarmRow(
        id="SignInWithoutMfa",
        metric=lambda trail: trail.metric("SignInWithoutMfa"),
        threshold=0,
        means="A user signed in to the console without a second factor.",
        do="Find ConsoleLogin in the log of the trail, and put the user under the policy that requires the factor.",
    ),
    AlarmRow(
        id="TrailChanged",
        metric=lambda trail: trail.metric("TrailChanged"),
        threshold=0,
        means="The trail was stopped, deleted or changed.",
        do="Unless a deploy did it, start it again at once and look at who stopped it and what they did next.",
    ),
)
"""One alarm for each sign."""


def watch_audit(scope: Construct, trail: AuditTrail, *, topic: sns.ITopic) -> None:
    """
    Tell *topic* of each sign that *trail* counts.

    Args:
        scope: What the alarms belong to.
        trail: The trail.
        topic: What is told.
    """
    signs = Construct(scope, "Audit")
    for row in ROWS:
        alarm(signs, row, trail, topic=topic)
