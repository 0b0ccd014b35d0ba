"""What is watched of a chat that has several models."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, runtime_checkable

from genai_layers.operations.application_watches import CHAT
from genai_layers.operations.interfaces import IMeteredChat
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch


@runtime_checkable
class IRoutedChat(IMeteredChat, Protocol):
    """A chat that may have several models."""

    @property
    def has_named_models(self) -> bool:
        """Whether it has several."""
        ...


ROUTED_CHAT: Watch[IMeteredChat] = replace(
    CHAT,
    alarms=(
        *CHAT.alarms,
        AlarmRow(
            id="FallbacksUsed",
            metric=lambda chat: chat.metric("Fallbacks"),
            threshold=5,
            minutes=15,
            means="More than five questions within a quarter of an hour went to another model, since one failed.",
            do="Look for model_failed in the log: model and code say which fails and how.",
        ),
        AlarmRow(
            id="BreakersOpened",
            metric=lambda chat: chat.metric("BreakersOpened"),
            threshold=0,
            means="A model failed five times within a minute and is left alone for a while.",
            do="Look for breaker_opened in the log, then at the alarms of that model; others answer meanwhile.",
        ),
    ),
    graphs=(
        *CHAT.graphs,
        GraphRow(
            title="Models that failed",
            metrics={
                "asked another": lambda chat: chat.metric("Fallbacks"),
                "left alone": lambda chat: chat.metric("BreakersOpened"),
            },
            unit="times",
        ),
    ),
)
