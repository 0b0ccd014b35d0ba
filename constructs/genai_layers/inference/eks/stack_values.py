"""
What the vLLM production stack is told: every value of its chart that a fleet decides.
"""

from __future__ import annotations

import math
from typing import Any

from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference.eks.nodes import POOL_LABEL, accelerator_resource
from genai_layers.inference.eks.pod import RESTRICTED, Pod
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT

MODEL = "model"
"""Name of the one model of a release; the model's own name is what requests say."""

SERVICE_ACCOUNT = "engine"

_LOOK_SECONDS = 10
# Requests go elsewhere after half a minute without an answer; only after five is the engine started anew, so that a
# probe that starts anew itself does not take the engine with it.
_LIVENESS_LOOKS = 30
# What a node keeps for itself and for the containers beside the engine: our estimate.
_MEMORY_SHARE = 0.6
_CPU_SHARE = 0.5
_SHARED_MEMORY_PART = 4
# HPA of Kubernetes: longest period of a policy.
_LONGEST_PERIOD_SECONDS = 1800
# KEDA's own look at the engines.
_POLL_SECONDS = 15
_CALM_SECONDS = 300


def stack_values(
    pod: Pod,
    *,
    name: str,
    image: str,
    files: str,
    priority_class: str,
    min_machines: int,
    max_machines: int,
) -> dict[str, Any]:
    """
    Return the values of one fleet.

    The router of the stack is left out: the front door already sends a request where the fewest are, and one more hop
    would have to guard, probe and pull what the engines guard and probe themselves.

    Args:
        pod: The parts of a pod.
        name: Name of the release, of its namespace and of its nodes.
        image: Full address of the engine's image, with tag or digest.
        files: Name of the pod's files.
        priority_class: Priority of the pods.
        min_machines: Lower bound.
        max_machines: Upper bound.
    """
    decided = pod.decided
    engine = decided.engine
    repository, _, tag = image.rpartition(":")
    model: dict[str, Any] = {
        "name": MODEL,
        "repository": repository,
        "tag": tag,
        "modelURL": _model(decided),
        "replicaCount": min_machines,
        "serviceAccountName": SERVICE_ACCOUNT,
        "priorityClassName": priority_class,
        "initContainer": pod.preparation(),
        "vllmConfig": {
            # Without a value the chart switches it off; on Neuron it stays off.
            "enablePrefixCaching": engine.vendor is Vendor.NVIDIA,
            "tensorParallelSize": decided.serving.fit.tensor_parallel,
            "extraArgs": _arguments(decided),
        },
        "shmSize": f"{_smallest_mib(decided) // _SHARED_MEMORY_PART}Mi",
        "env": pod.engine_variables(),
        "resources": _resources(decided),
        "extraVolumes": pod.volumes(files),
        "extraVolumeMounts": pod.mounts(writes=("cache", "tmp"), reads=("run", "model") if pod.copies else ("run",)),
        "tolerations": [{"key": POOL_LABEL, "operator": "Equal", "value": name, "effect": "NoSchedule"}],
        "affinity": _affinity(name),
        "pdb": {"enabled": True, "maxUnavailable": 1},
    }
    if 0 < min_machines < max_machines:
        model["keda"] = _scaling(decided, name, min_machines, max_machines)
    look = {"httpGet": {"path": "/health", "port": HEALTH_PORT}, "periodSeconds": _LOOK_SECONDS, "timeoutSeconds": 5}
    return {
        "servingEngineSpec": {
            "enableEngine": True,
            "containerPort": engine.port,
            "servicePort": engine.port,
            "imagePullPolicy": "IfNotPresent",
            # Of every object; the chart's own say that it is a test.
            "labels": {"environment": "models", "release": name},
            "runtimeClassName": "",
            # A new pod answers before an old one goes.
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
            "containerSecurityContext": dict(RESTRICTED),
            "startupProbe": {
                **look,
                "initialDelaySeconds": _LOOK_SECONDS,
                "failureThreshold": math.ceil(decided.ready.grace_seconds / _LOOK_SECONDS),
            },
            "readinessProbe": {**look, "initialDelaySeconds": _LOOK_SECONDS, "failureThreshold": 3},
            "livenessProbe": {**look, "initialDelaySeconds": _LOOK_SECONDS, "failureThreshold": _LIVENESS_LOOKS},
            "modelSpec": [model],
        },
        "routerSpec": {"enableRouter": False},
        "loraController": {"enableLoraController": False},
        "cacheserverSpec": {"enabled": False},
        "grafanaDashboards": {"enabled": False},
        "kube-prometheus-stack": {"enabled": False},
        "prometheus-adapter": {"enabled": False},
    }


def deployment_name(release: str) -> str:
    """Return what the chart calls the deployment of *release*."""
    return f"{release}-{MODEL}-deployment-vllm"


def service_name(release: str) -> str:
    """Return what the chart calls the service of *release*."""
    return f"{release}-{MODEL}-engine-service"


def _model(decided: FleetPlan) -> str:
    arguments = decided.engine.launch(decided.serving).arguments
    return arguments[arguments.index("--model") + 1] if "--model" in arguments else arguments[1]


def _arguments(decided: FleetPlan) -> list[str]:
    # The chart itself says what serves, which model, where, and over how many devices.
    arguments = list(decided.engine.launch(decided.serving).arguments)
    rest = arguments[2:]
    for said in ("--model", "--host", "--port", "--tensor-parallel-size"):
        if said in rest:
            place = rest.index(said)
            del rest[place : place + 2]
    return rest


def _smallest_mib(decided: FleetPlan) -> int:
    return min(type_.memory_mib for type_ in decided.placement.types)


def _resources(decided: FleetPlan) -> dict[str, Any]:
    # Every accelerator of a node, so that one node has one engine.
    devices = {accelerator_resource(decided): str(decided.placement.first.instance.accelerator_count)}
    memory = f"{int(_smallest_mib(decided) * _MEMORY_SHARE)}Mi"
    processors = f"{int(min(type_.vcpus for type_ in decided.placement.types) * 1000 * _CPU_SHARE)}m"
    return {"requests": {"cpu": processors, "memory": memory, **devices}, "limits": devices}


def _affinity(name: str) -> dict[str, Any]:
    own = {"matchExpressions": [{"key": POOL_LABEL, "operator": "In", "values": [name]}]}
    apart = {
        "weight": 100,
        "podAffinityTerm": {
            "topologyKey": "topology.kubernetes.io/zone",
            "labelSelector": {"matchLabels": {"model": MODEL, "helm-release-name": name}},
        },
    }
    return {
        "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [own]}},
        "podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [apart]},
    }


def _scaling(decided: FleetPlan, name: str, min_machines: int, max_machines: int) -> dict[str, Any]:
    scaling, engine = decided.scaling, decided.engine
    url = f"http://{service_name(name)}.{name}:{engine.port}/metrics"
    followed = (
        (scaling.waiting_requests, engine.waiting_metric),
        (scaling.cache_use, engine.cache_metric),
    )
    # Each copy of the model within a pod tells of itself; the one that asks for the most decides.
    copies = decided.serving.fit.replicas
    labels = [""] if copies == 1 else [f'{{engine="{number}"}}' for number in range(copies)]
    triggers = [
        {
            "type": "metrics-api",
            "metricType": "Value",
            "metadata": {
                "url": url,
                "format": "prometheus",
                "valueLocation": f"{metric}{label}",
                "targetValue": f"{target:g}",
                "aggregateFromKubeServiceEndpoints": "true",
                "aggregationType": "average",
            },
        }
        for target, metric in followed
        if target is not None and metric is not None
        for label in labels
    ]
    start = min(decided.ready.total_seconds, _LONGEST_PERIOD_SECONDS)
    return {
        "enabled": True,
        "minReplicaCount": min_machines,
        "maxReplicaCount": max_machines,
        "pollingInterval": _POLL_SECONDS,
        "cooldownPeriod": _CALM_SECONDS,
        "triggers": triggers,
        "advanced": {
            "restoreToOriginalReplicaCount": False,
            "horizontalPodAutoscalerConfig": {
                "behavior": {
                    # One at a time, and as long as a start takes: the load of those that start is not seen before.
                    "scaleUp": {
                        "stabilizationWindowSeconds": 0,
                        "policies": [{"type": "Pods", "value": 1, "periodSeconds": start}],
                    },
                    "scaleDown": {
                        "stabilizationWindowSeconds": _CALM_SECONDS,
                        "policies": [{"type": "Pods", "value": 1, "periodSeconds": _CALM_SECONDS}],
                    },
                }
            },
        },
    }
