"""
What KEDA is told.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import Fn
from aws_cdk import aws_ecr as ecr

from genai_layers.inference.eks.charts import Keda
from genai_layers.inference.eks.nodes import POOL_LABEL


def keda_values(keda: Keda, pool: str) -> dict[str, Any]:
    """
    Return the values of its chart: images of yours, the nodes without accelerators, and no secrets to read.

    Args:
        keda: Chart and images.
        pool: Label of the nodes it runs on.
    """
    return {
        "image": {
            "keda": _image(keda.operator, keda.chart.version),
            "metricsApiServer": _image(keda.metrics_server, keda.chart.version),
            "pullPolicy": "IfNotPresent",
        },
        # One image less: what it would refuse is refused by a test of ours that renders every manifest.
        "webhooks": {"enabled": False},
        # Its triggers read an open address in the cluster, so it needs no secret of anybody.
        "permissions": {"operator": {"restrict": {"secret": True}}},
        "nodeSelector": {POOL_LABEL: pool, "kubernetes.io/os": "linux"},
    }


def _image(repository: ecr.IRepository, version: str) -> dict[str, str]:
    return {
        "registry": Fn.select(0, Fn.split("/", repository.repository_uri)),
        "repository": repository.repository_name,
        "tag": version,
    }
