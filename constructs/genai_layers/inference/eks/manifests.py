"""
Small things that every cluster of ours has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRIORITY_CLASS = "genai-engine"
"""Of pods that serve a model; none of them displaces another."""

PRIORITY: Mapping[str, Any] = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": PRIORITY_CLASS},
    "value": 100_000,
    "preemptionPolicy": "Never",
    "globalDefault": False,
}


def namespace(name: str) -> dict[str, Any]:
    """
    Return a namespace that takes no privileged pod.

    Args:
        name: Its name.
    """
    labels = {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
