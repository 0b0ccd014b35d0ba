"""
The parts of a pod that serves a model: its folders, its files, its variables, its restrictions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genai_layers.inference.engines import WeightsPath
from genai_layers.inference.engines.engine import MODEL_DIRECTORY
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.user_data import FLEET_DIMENSION, METRIC_NAMESPACE, boot_file

ENGINE = "vllm"
"""Name that the chart gives the container that takes requests."""

RUN_FOLDER = "/run/genai"
FILES_FOLDER = "/genai"
QUIET_SECONDS = 30
"""From the word that a pod goes until no load balancer sends it requests: our estimate."""

_START_FOLDER = "start"
"""Alone in its folder, so that no module of an engine is taken for one of ours."""

# Name in the pod by name in `boot/`.
_FILES = {
    "drain_pod.py": "drain_pod.py",
    "meter.py": "meter.py",
    "pod_meter.py": "pod_meter.py",
    "prepare_pod.py": "prepare_pod.py",
    "probe.py": "probe.py",
    "sitecustomize.py": "pod_environment.py",
}

RESTRICTED: Mapping[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "privileged": False,
    "readOnlyRootFilesystem": True,
}
"""What no container of ours may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """
    One copy of the engine as Kubernetes runs it.

    Attributes:
        decided: The fleet's decisions.
        region: Where it runs.
        fleet: Value of the `Fleet` dimension.
        tools_image: Image with `python3` and boto3.
        api_key: ARN of the API key's secret.
        log_group: Where the probe writes.
        stop_seconds: How long running requests are waited for.
    """

    decided: FleetPlan
    region: str
    fleet: str
    tools_image: str
    api_key: str
    log_group: str
    stop_seconds: int

    @property
    def copies(self) -> bool:
        """Weights are copied before the engine starts."""
        return self.decided.engine.weights is WeightsPath.COPIED

    @property
    def grace_seconds(self) -> int:
        """From the word that it goes to its end."""
        return QUIET_SECONDS + self.stop_seconds

    def files(self, namespace: str) -> dict[str, Any]:
        """
        Return the files of every pod; their name follows their content, so that a change starts new pods.

        Args:
            namespace: Where they lie.
        """
        data = {name: boot_file(source) for name, source in _FILES.items()}
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:10]
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"files-{digest}", "namespace": namespace},
            "immutable": True,
            "data": data,
        }

    def volumes(self, files: str) -> list[dict[str, Any]]:
        """
        Return its folders; what is fetched lies in memory, and nothing outlives the pod.

        Args:
            files: Name of the files.
        """
        found: list[dict[str, Any]] = [
            {"name": "files", "configMap": {"name": files, "defaultMode": 0o444, "items": _items()}},
            {"name": "run", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
            {"name": "cache", "emptyDir": {}},
            {"name": "tmp", "emptyDir": {}},
        ]
        return [*found, {"name": "model", "emptyDir": {}}] if self.copies else found

    def mounts(self, *, writes: tuple[str, ...] = (), reads: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """
        Return where a container finds its folders.

        Args:
            writes: Folders that it may write to.
            reads: Folders that it may read, beside its files.
        """
        places = {"run": RUN_FOLDER, "cache": "/cache", "tmp": "/tmp", "model": MODEL_DIRECTORY}  # noqa: S108 - its own
        return [
            {"name": "files", "mountPath": FILES_FOLDER, "readOnly": True},
            *({"name": name, "mountPath": places[name], "readOnly": True} for name in reads),
            *({"name": name, "mountPath": places[name]} for name in writes),
        ]

    def engine_variables(self) -> list[dict[str, Any]]:
        """
        Return the variables of the engine; the API key is not among them, since it comes out of memory.
        """
        engine = self.decided.engine
        return _variables(
            {
                **engine.launch(self.decided.serving).environment,
                "API_KEY_VARIABLE": engine.api_key_variable,
                "AWS_REGION": self.region,
                "BUSY_METRICS": ",".join(
                    name for name in engine.published_metrics if name.rpartition("_")[2] in ("running", "waiting")
                ),
                "DRAIN_QUIET_SECONDS": str(QUIET_SECONDS),
                "DRAIN_SECONDS": str(self.stop_seconds),
                "HOME": "/cache",
                "PORT": str(engine.port),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": f"{FILES_FOLDER}/{_START_FOLDER}",
                "RUN_FOLDER": RUN_FOLDER,
                "XDG_CACHE_HOME": "/cache",
            }
        )

    def preparation(self) -> dict[str, Any]:
        """
        Return the container that runs before the engine, in the words of the chart.
        """
        writes = ("run", "tmp", "model") if self.copies else ("run", "tmp")
        variables = {
            "API_KEY_SECRET": self.api_key,
            "AWS_REGION": self.region,
            "MODEL_FOLDER": MODEL_DIRECTORY,
            "RUN_FOLDER": RUN_FOLDER,
            "WEIGHTS": self.decided.engine.weights.value,
            "WEIGHTS_URI": self.decided.serving.weights_uri,
        }
        return {
            "name": "prepare",
            "image": self.tools_image,
            "command": ["python3", f"{FILES_FOLDER}/prepare_pod.py"],
            "env": _variables(variables),
            "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}},
            "extraVolumeMounts": self.mounts(writes=writes),
        }

    def patch(self) -> dict[str, Any]:
        """
        Return what the chart has no value for: the probe beside the engine, and time for running requests to end.
        """
        engine = self.decided.engine
        probe = engine.probe(self.decided.serving.model_id)
        latency = {} if engine.latency_metric is None else {"PUBLISHED_LATENCY": engine.latency_metric}
        variables = _variables(
            {
                **latency,
                "AWS_REGION": self.region,
                "DIMENSION": FLEET_DIMENSION,
                "FLEET": self.fleet,
                "HEALTH_PORT": str(HEALTH_PORT),
                "LOG_GROUP": self.log_group,
                "NAMESPACE": METRIC_NAMESPACE,
                "PORT": str(engine.port),
                "PROBE_BODY": probe.body,
                "PROBE_PATH": probe.path,
                "PROGRESS_METRICS": ",".join(probe.progress_metrics),
                "PUBLISHED_METRICS": json.dumps(dict(engine.published_metrics), sort_keys=True),
                "PYTHONDONTWRITEBYTECODE": "1",
                "RUN_FOLDER": RUN_FOLDER,
            }
        )
        variables.append({"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}})
        sidecar = {
            "name": "probe",
            "image": self.tools_image,
            "command": ["python3", f"{FILES_FOLDER}/pod_meter.py"],
            "env": variables,
            "ports": [{"name": "health", "containerPort": HEALTH_PORT}],
            "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
            "securityContext": dict(RESTRICTED),
            "volumeMounts": self.mounts(writes=("tmp",), reads=("run",)),
        }
        drain = {"exec": {"command": ["python3", f"{FILES_FOLDER}/drain_pod.py"]}}
        spec = {
            "automountServiceAccountToken": False,
            # The chart's wait before a kill is Kubernetes' 30 seconds, less than one long answer.
            "terminationGracePeriodSeconds": self.grace_seconds,
            "containers": [{"name": ENGINE, "lifecycle": {"preStop": drain}}, sidecar],
        }
        return {"spec": {"template": {"spec": spec}}}


def unpatched() -> dict[str, Any]:
    """
    Return what takes the patch back.
    """
    spec = {
        "terminationGracePeriodSeconds": 30,
        "containers": [{"name": ENGINE, "lifecycle": None}, {"name": "probe", "$patch": "delete"}],
    }
    return {"spec": {"template": {"spec": spec}}}


def _items() -> list[dict[str, str]]:
    own = "sitecustomize.py"
    return [{"key": name, "path": f"{_START_FOLDER}/{name}" if name == own else name} for name in _FILES]


def _variables(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "value": values[name]} for name in sorted(values)]
