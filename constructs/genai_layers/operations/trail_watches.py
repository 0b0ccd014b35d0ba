"""What is watched of a trail: the signs of misuse that it counts; a count that nobody is told of helps nobody."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from aws_cdk import aws_cloudwatch as cloudwatch

from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


@runtime_checkable
class IMeteredTrail(Protocol):
    """A trail that counts signs of misuse."""

    def metric(self, sign: str) -> cloudwatch.Metric:
        """Return how often a sign was seen."""
        ...


TRAIL: Watch[IMeteredTrail] = Watch(
    title="Audit",
    alarms=(
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
            do="Find DisableKey or ScheduleKeyDeletion in the log of the trail; cancel the deletion unless it was "
            "planned.",
        ),
        AlarmRow(
            id="RootUse",
            metric=lambda trail: trail.metric("RootUse"),
            threshold=0,
            means="The root user of the account was used.",
            do="Find userIdentity.type Root in the log of the trail and ask who it was; nothing here needs the root "
            "user.",
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
    ),
    graphs=(
        GraphRow(
            title="Denied calls",
            metrics={"denied": lambda trail: trail.metric("AccessDenied")},
            unit="calls",
        ),
        GraphRow(
            title="Signs of misuse",
            metrics={
                "keys disabled": lambda trail: trail.metric("KeyDisabled"),
                "root user": lambda trail: trail.metric("RootUse"),
                "sign-ins without a second factor": lambda trail: trail.metric("SignInWithoutMfa"),
                "changes of the trail": lambda trail: trail.metric("TrailChanged"),
            },
            unit="times",
        ),
    ),
)
