"""What is watched of the store of a knowledge base."""

from __future__ import annotations

from genai_layers.operations.interfaces import IMeteredStore
from genai_layers.operations.watch import AlarmRow, GraphRow, Watch

STORE: Watch[IMeteredStore] = Watch(
    title="Store",
    alarms=(
        AlarmRow(
            id="Load",
            metric=lambda knowledge_base: knowledge_base.metric_store_load(),
            threshold=90,
            periods=3,
            means="The store has used more than nine tenths of what it may for a quarter of an hour.",
            do="Look whether an ingestion runs; if answers are slow without one, raise max_capacity_units.",
        ),
    ),
    graphs=(
        GraphRow(
            title="Load of the store",
            metrics={"load": lambda knowledge_base: knowledge_base.metric_store_load()},
            unit="percent",
        ),
    ),
)
